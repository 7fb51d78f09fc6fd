"""Review rounds: their gap lists, and the page on which a reviewer reads document after document."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from shian.domains.campaign.actions.reviews import ReviewRefused, close_round, give_verdict, give_verdicts, open_round
from shian.domains.campaign.forms.evidence import RoundForm
from shian.domains.campaign.models import EvidenceLink, NeedState, ReviewRound, RoundItem
from shian.domains.campaign.permissions import EVIDENCE_REVIEW, EVIDENCE_VIEW, ROUND_OPEN
from shian.domains.campaign.queries.evidence import (
    document_items,
    links_in,
    round_items,
    rounds_for,
    state_counts,
    version_now,
    warned_before,
)
from shian.domains.campaign.tables.evidence import (
    LISTED,
    ROUNDS,
    TONES,
    evidence_state,
    listed_row,
    round_row,
    round_state,
)
from shian.domains.campaign.views.evidence import (
    evidence_facts,
    names_today,
    preview_of,
    rounds_table,
    version_or_404,
)
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.files.queries import is_kept, open_without_metadata
from shian.kernel.files.rules import MEDIA_TYPES
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Crumb, Stat, Tab
from shian.kernel.ui.tables import Empty, ListQuery, Table

SHOWN_INSIDE = {"pdf", "jpg", "png"}
INSIDE = "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@requires(EVIDENCE_VIEW)
@xframe_options_sameorigin
def version_preview(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """A PDF or picture inside our own page, without the place where it was taken; the store has refused whatever else
    could hide in one."""
    found = version_or_404(request.user, pk, number)
    if found.stored.kind not in SHOWN_INSIDE or not is_kept(found.stored):
        raise Http404(number)
    answer = FileResponse(open_without_metadata(found.stored), content_type=MEDIA_TYPES[found.stored.kind])
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = INSIDE
    return answer


@requires(EVIDENCE_VIEW)
def round_list(request: HttpRequest) -> HttpResponse:
    """The rounds of review, the newest first."""
    today = timezone.localdate()
    rounds = list(rounds_for(request.user).order_by("-opened_at"))
    rows = [round_row(each, state_counts(round_items(request.user, each), "outcome"), today) for each in rounds]
    actions = []
    if ROUND_OPEN(request.user).allowed:
        actions.append(Action(_("开启一轮审核"), reverse("campaign:round_open"), icon="plus", kind="primary"))
    page = ListPage(
        _("审核轮次"),
        Table(ROUNDS, rows, query=ListQuery.read(request.GET, ROUNDS),
              empty=Empty(_("还没有开启审核"), _("由创建办开启；第一轮列出全部资料审查内容。"))),
        unit=_("轮"), summary=_("每一轮只列上一轮没有通过的和还没有材料的评价内容。"), actions=actions,
        crumbs=crumbs(Crumb(_("佐证材料"), reverse("campaign:need_list"))),
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


def round_or_404(user: Any, pk: int) -> ReviewRound:
    """The round. Raises Http404, OutOfReach."""
    found = rounds_for(user).filter(pk=pk).first()
    if found is None and ReviewRound.objects.filter(pk=pk).exists():
        raise OutOfReach(f"campaign.reviewround:{pk}")
    if found is None:
        raise Http404(pk)
    return found


@requires(EVIDENCE_VIEW)
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The round's list: what it holds, why, and what came of it; the reader's own units first."""
    review, today = round_or_404(request.user, pk), timezone.localdate()
    rows = round_items(request.user, review)
    counts, asked = state_counts(rows, "outcome"), request.GET.get("outcome", "")
    shown = rows.filter(outcome=asked) if asked in NeedState.values else rows
    word, _tone = round_state(review, today)
    page = ListPage(
        review.title,
        Table(LISTED, _listed(request.user, shown), query=ListQuery.read(request.GET, LISTED),
              empty=Empty(_("清单内没有这样的评价内容"))),
        unit=_("项"), summary=_("%(state)s，审核截止 %(due)s。") % {"state": word, "due": review.due_on},
        crumbs=crumbs(Crumb(_("佐证材料"), reverse("campaign:need_list")),
                      Crumb(_("审核轮次"), reverse("campaign:round_list"))),
        tabs=_tabs(counts, asked), actions=_actions(request.user, review),
    )  # fmt: skip
    passed = counts.get(NeedState.PASSED, 0)
    stats = [
        Stat(_("通过"), passed, unit=_("项"), part=passed, whole=sum(counts.values())),
        Stat(_("待审核"), counts.get(NeedState.FILED, 0), unit=_("项")),
        Stat(_("退回和有条件通过"), sum(counts.get(each, 0) for each in (NeedState.RETURNED, NeedState.CONDITIONAL)),
             unit=_("项")),
        Stat(_("未提交"), counts.get(NeedState.NONE, 0), unit=_("项")),
    ]  # fmt: skip
    return render(request, "campaign/week_detail.html", {"list": page, "stats": stats})


def _listed(user: Any, rows: QuerySet[RoundItem]) -> list[Any]:
    own, names = reach_of(user).organisations, names_today()
    order = {each.code: each.order for each in document_items()}
    items = sorted(rows, key=lambda each: (each.need.unit_id not in own, each.need.county, each.need.township,
                                           order.get(each.need.item_code, 0)))  # fmt: skip
    return [listed_row(each, names) for each in items]


def _tabs(counts: dict[str, int], asked: str) -> list[Tab]:
    every = Tab(_("全部"), "?", count=sum(counts.values()), is_active=asked not in NeedState.values)
    return [every] + [
        Tab(each.label, f"?outcome={each}", count=counts.get(each, 0), is_active=asked == each) for each in NeedState
    ]


def _actions(user: Any, review: ReviewRound) -> list[Action]:
    found = []
    if review.closed_at is None and EVIDENCE_REVIEW(user).allowed:
        url = reverse("campaign:round_review", args=[review.pk])
        found.append(Action(_("审核材料"), url, icon="gavel", kind="primary"))
    if review.closed_at is None and ROUND_OPEN(user).allowed and reach_of(user).covers(review.area):
        url = reverse("campaign:round_close", args=[review.pk])
        told = _("本轮结论从此不再改动，通过的材料归档；没有通过的进入下一轮。")
        found.append(Action(_("结束本轮"), url, icon="archive", method="post", consequence=told))
    return found


@requires(ROUND_OPEN)
def round_open(request: HttpRequest) -> HttpResponseBase:
    """The office opens the next round over its area."""
    keys = sorted(reach_of(request.user).keys, key=len)
    form = RoundForm(request.POST or None, initial={"levels": ["city", "county"]})
    if request.method == "POST" and form.is_valid():
        try:
            if not keys:
                raise ReviewRefused(_("您的账号没有所在区划，不能开启审核。"))
            found = open_round(area_key=keys[0], by=request.user, at=timezone.now(), **form.cleaned_data)
        except ReviewRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已开启，清单已列出。"))
            return redirect("campaign:round_detail", found.pk)
    page = FormPage(
        _("开启一轮审核"), form, _("开启"), cancel_url=reverse("campaign:round_list"),
        consequence=_("第一轮列出全部资料审查内容；以后各轮只列没有通过的和还没有材料的。"),
        crumbs=crumbs(Crumb(_("佐证材料"), reverse("campaign:need_list")),
                      Crumb(_("审核轮次"), reverse("campaign:round_list"))),
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


@requires(ROUND_OPEN)
@require_POST
def round_close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End the round."""
    try:
        close_round(review=round_or_404(request.user, pk), by=request.user, at=timezone.now())
    except ReviewRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("本轮已结束，通过的材料已归档。"))
    return redirect("campaign:round_detail", pk)


@requires(EVIDENCE_REVIEW)
def round_review(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Documents at the left, the open one at the right with its facts and all rounds; a verdict leads to the next."""
    review = round_or_404(request.user, pk)
    waiting_only = request.GET.get("show", "waiting") != "all"
    links = links_in(request.user, review)
    shown = [each for each in links if not waiting_only or each.state == NeedState.FILED]
    asked = request.GET.get("file", "")
    current = next((each for each in links if str(each.pk) == asked), shown[0] if shown else None)
    if current is not None and current not in shown:
        shown.insert(0, current)
    if request.method == "POST":
        return _judged(request, review, links, current)
    names, base = names_today(), reverse("campaign:round_review", args=[pk])
    context = {
        "review": review, "crumbs": _review_crumbs(review), "current": current,
        "tabs": [
            Tab(_("待审核"), base, count=sum(each.state == NeedState.FILED for each in links), is_active=waiting_only),
            Tab(_("全部"), f"{base}?show=all", count=len(links), is_active=not waiting_only),
        ],
        "files": [
            {"link": each, "item": names.item(each.need.item_code), "tone": TONES[NeedState(each.state)],
             "area": names.areas.get(each.need.area, each.need.area), "is_current": each == current,
             "url": f"{base}?{urlencode({'show': 'waiting' if waiting_only else 'all', 'file': each.pk})}"}
            for each in shown
        ],
        **(_opened(review, current) if current else {}),
    }  # fmt: skip
    return render(request, "campaign/round_review.html", context)


def _review_crumbs(review: ReviewRound) -> list[Crumb]:
    return crumbs(
        Crumb(_("佐证材料"), reverse("campaign:need_list")),
        Crumb(review.title, reverse("campaign:round_detail", args=[review.pk])),
    )


def _opened(review: ReviewRound, link: EvidenceLink) -> dict[str, Any]:
    today = timezone.localdate()
    word, tone = evidence_state(link.evidence, today, warned_before(today))
    expected = next((each.evidence for each in document_items() if each.code == link.need.item_code), [])
    return {
        "preview": preview_of(version_now(link.evidence)), "section": evidence_facts(link.evidence),
        "rounds": rounds_table(link.need), "expiry": (word, tone), "expected": expected,
        "item": names_today().item(link.need.item_code), "can_judge": review.closed_at is None,
    }  # fmt: skip


def _judged(
    request: HttpRequest, review: ReviewRound, links: Sequence[EvidenceLink], current: EvidenceLink | None
) -> HttpResponseBase:
    """One verdict, or the ticked documents passed at once; then the next that waits."""
    now, ticked = timezone.now(), set(request.POST.getlist("key"))
    show = "all" if request.POST.get("show") == "all" else "waiting"
    after: EvidenceLink | None = current
    if "batch" in request.POST:
        chosen = [each for each in links if str(each.pk) in ticked]
        count, refused = give_verdicts(review=review, links=chosen, by=request.user, at=now)
        messages.success(request, _("已通过 %(count)s 份。") % {"count": count})
        for title, reason in refused.items():
            messages.error(request, f"{title}：{reason}")
        after = None
    elif current is not None:
        after = _one(request, review, links, current)
    told = {"show": show, **({"file": after.pk} if after else {})}
    return redirect(f"{reverse('campaign:round_review', args=[review.pk])}?{urlencode(told)}")


def _one(
    request: HttpRequest, review: ReviewRound, links: Sequence[EvidenceLink], current: EvidenceLink
) -> EvidenceLink | None:
    """Which document is shown next: the same one where the verdict was refused."""
    seen = request.POST.get("seen", "")
    try:
        give_verdict(
            review=review, link=current, seen=int(seen) if seen.isdecimal() else 0,
            verdict=request.POST.get("verdict", ""), comment=request.POST.get("comment", ""), by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except ReviewRefused as refused:
        messages.error(request, str(refused))
        return current
    messages.success(request, _("“%(title)s”已审核。") % {"title": current.evidence.title})
    place = [each.pk for each in links].index(current.pk)
    waiting = [each for each in (*links[place + 1 :], *links[:place]) if each.state == NeedState.FILED]
    return waiting[0] if waiting else None
