"""Evidence: what is owed, an item with every round side by side, a document, filing and renewing it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import Evidence, EvidenceLink, EvidenceNeed, EvidenceVersion, NeedState, ReviewRound
from shian.domains.campaign.permissions import EVIDENCE_FILE, EVIDENCE_VIEW
from shian.domains.campaign.queries.evidence import (
    document_items,
    evidence_for,
    item_titles,
    links_of,
    links_of_need,
    may_file_for,
    needs_for,
    rounds_of_need,
    standing_verdicts,
    state_counts,
    version_now,
    versions_of,
    warned_before,
)
from shian.domains.campaign.tables.evidence import (
    NEEDS,
    SERVED,
    TONES,
    VERSIONS,
    Names,
    evidence_state,
    need_row,
    outcome_row,
    served_row,
    side_by_side,
    side_row,
    version_row,
)
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.disclosures.models import Kind
from shian.kernel.files.queries import is_kept
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.keyset import sliced_page
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Filter, FilterBar, Option, Section, Stat, Tab, TimelineEntry
from shian.kernel.ui.states import OVERDUE
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names

STEPS = frozenset({"campaign.evidence_filed", "campaign.evidence_renewed", "campaign.evidence_reviewed"})


def names_today() -> Names:
    """Words for the codes of items and areas."""
    return Names(item_titles(), area_names(timezone.localdate()))


@requires(EVIDENCE_VIEW)
def need_list(request: HttpRequest) -> HttpResponse:
    """What is owed, the reader's own units first; how much of it passes, as part and whole."""
    user, today = request.user, timezone.localdate()
    rows = _chosen(request, needs_for(user))
    counts, asked = state_counts(rows), request.GET.get("state", "")
    shown, query = rows.filter(state=asked) if asked in NeedState.values else rows, ListQuery.read(request.GET, NEEDS)
    page = sliced_page(_in_order(user, shown), query)
    listed = ListPage(
        _("佐证材料"),
        Table(NEEDS, _need_rows(user, page.items, today), query=query, page=page,
              empty=Empty(_("没有需要提交的佐证材料"), _("开启一轮审核后，各单位应交的材料列在这里。"))),
        unit=_("项"),
        summary=_("每项评价内容由谁提交、审核到哪一步；本单位的在前。"),
        crumbs=crumbs(),
        tabs=_tabs(request, counts, asked),
        filters=_filters(request),
        actions=_list_actions(user),
    )  # fmt: skip
    return render(request, "campaign/week_detail.html", {"list": listed, "stats": _stats(request, counts)})


def _chosen(request: HttpRequest, rows: QuerySet[EvidenceNeed]) -> QuerySet[EvidenceNeed]:
    given = {"unit": request.GET.get("unit", ""), "item_code": request.GET.get("item", "")}
    return rows.filter(**{name: value for name, value in given.items() if value})


def _in_order(user: Any, rows: QuerySet[EvidenceNeed]) -> list[EvidenceNeed]:
    """The own units' first, then by area, in the order of the standard."""
    own, order = reach_of(user).organisations, {each.code: each.order for each in document_items()}
    return sorted(rows, key=lambda each: (each.unit_id not in own, each.county, each.township,
                                          order.get(each.item_code, 0)))  # fmt: skip


def _need_rows(user: Any, needs: list[EvidenceNeed], today: date) -> list[Any]:
    own, names, warned = reach_of(user).organisations, names_today(), warned_before(today)
    links: dict[int, list[EvidenceLink]] = defaultdict(list)
    for link in EvidenceLink.objects.filter(need__in=needs).select_related("evidence"):
        links[link.need_id].append(link)
    return [need_row(each, links[each.pk], names, today, warned, is_own=each.unit_id in own) for each in needs]


def _url(request: HttpRequest, state: str) -> str:
    kept = request.GET.copy()
    kept.pop("state", None)
    if state:
        kept["state"] = state
    return f"?{kept.urlencode()}"


def _tabs(request: HttpRequest, counts: Mapping[str, int], asked: str) -> list[Tab]:
    every = Tab(_("全部"), _url(request, ""), count=sum(counts.values()), is_active=asked not in NeedState.values)
    return [every] + [
        Tab(each.label, _url(request, each), count=counts.get(each, 0), is_active=asked == each,
            state=TONES[each] if TONES[each] == OVERDUE and counts.get(each) else "")
        for each in NeedState
    ]  # fmt: skip


def _stats(request: HttpRequest, counts: Mapping[str, int]) -> list[Stat]:
    """The rate of evidence: its part and its whole open as lists."""
    whole, passed = sum(counts.values()), counts.get(NeedState.PASSED, 0)
    if not whole:
        return []
    return [
        Stat(_("佐证率"), passed, unit=_("项通过"), part=passed, whole=whole, url=_url(request, NeedState.PASSED)),
        Stat(_("应交"), whole, unit=_("项"), url=_url(request, "")),
        Stat(_("待审核"), counts.get(NeedState.FILED, 0), unit=_("项"), url=_url(request, NeedState.FILED)),
        Stat(NeedState.RETURNED.label, counts.get(NeedState.RETURNED, 0), unit=_("项"),
             url=_url(request, NeedState.RETURNED)),
        Stat(_("未提交"), counts.get(NeedState.NONE, 0), unit=_("项"), url=_url(request, NeedState.NONE)),
    ]  # fmt: skip


def _filters(request: HttpRequest) -> FilterBar:
    rows = needs_for(request.user).filter(unit__isnull=False)
    units = rows.order_by("unit").values_list("unit", "unit__name").distinct()
    named = [Option(str(code), name) for code, name in units]
    items = [Option(each.code, f"{each.code} {each.title}") for each in document_items()]
    return FilterBar(
        [
            Filter("state", "", kind="hidden", value=request.GET.get("state", "")),
            Filter("unit", _("责任单位"), options=named, value=request.GET.get("unit", "")),
            Filter("item", _("评价内容"), options=items, value=request.GET.get("item", "")),
        ]
    )  # fmt: skip


def _list_actions(user: Any) -> list[Action]:
    rounds = Action(_("审核轮次"), reverse("campaign:round_list"), icon="list-check")
    if not EVIDENCE_FILE(user).allowed:
        return [rounds]
    return [Action(_("提交材料"), reverse("campaign:evidence_create"), icon="upload", kind="primary"), rounds]


def need_or_404(user: Any, pk: int) -> EvidenceNeed:
    """What is owed, with its unit. Raises Http404, OutOfReach."""
    found = needs_for(user).filter(pk=pk).first()
    if found is None and EvidenceNeed.objects.filter(pk=pk).exists():
        raise OutOfReach(f"campaign.evidenceneed:{pk}")
    if found is None:
        raise Http404(pk)
    return found


def rounds_table(need: EvidenceNeed) -> Table:
    """Every document of an item with the verdict of every round side by side."""
    items, links = rounds_of_need(need), links_of_need(need)
    rounds: list[ReviewRound] = [each.round for each in items]
    verdicts = standing_verdicts(links)
    rows = [side_row(each, rounds, verdicts) for each in links]
    if items:
        rows.append(outcome_row(items, need.state))
    nothing = Empty(_("还没有提交佐证材料"), _("由责任单位提交。"))
    return Table(side_by_side(rounds), rows, empty=nothing, id="rounds")


@requires(EVIDENCE_VIEW)
def need_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An item in an area: who owes its evidence, what is expected, all rounds side by side."""
    need, names = need_or_404(request.user, pk), names_today()
    expected = next((each.evidence for each in document_items() if each.code == need.item_code), [])
    facts = [
        Fact(_("责任单位"), need.unit.name if need.unit else None),
        Fact(_("区划"), names.areas.get(need.area, need.area)),
        Fact(_("首次提交"), need.filed_on, kind="date"),
        Fact(_("通过日期"), need.passed_on, kind="date"),
    ]
    sections = [Section(_("概况"), facts)]
    if expected:
        lines = [Fact(str(number), each) for number, each in enumerate(expected, 1)]
        sections.append(Section(_("应有佐证材料"), lines))
    actions = []
    if EVIDENCE_FILE(request.user).allowed and need.unit and may_file_for(request.user, need.unit):
        url = f"{reverse('campaign:evidence_create')}?item={need.item_code}&unit={need.unit_id}"
        actions.append(Action(_("提交材料"), url, icon="upload", kind="primary"))
    word = NeedState(need.state)
    record = RecordPage(
        names.items.get(need.item_code, need.item_code), code=need.item_code, kind=_("佐证材料"), state=TONES[word],
        state_label=word.label, crumbs=crumbs(Crumb(_("佐证材料"), reverse("campaign:need_list"))), actions=actions,
        sections=sections,
    )  # fmt: skip
    context = {"record": record, "tables": [(_("各轮审核"), rounds_table(need))]}
    return render(request, "campaign/evidence_record.html", context)


def evidence_or_404(user: Any, pk: int) -> Evidence:
    """The document. Raises Http404, OutOfReach."""
    found = evidence_for(user).filter(pk=pk).first()
    if found is None and Evidence.objects.filter(pk=pk).exists():
        raise OutOfReach(f"campaign.evidence:{pk}")
    if found is None:
        raise Http404(pk)
    return found


def evidence_facts(evidence: Evidence) -> Section:
    """What a document is, with its four dates."""
    period = f"{evidence.period_from} — {evidence.period_to}" if evidence.period_from else None
    return Section(
        _("材料"),
        [
            Fact(_("提交单位"), evidence.unit.name),
            Fact(_("文号"), evidence.doc_no),
            Fact(_("印发日期"), evidence.issued_on, kind="date"),
            Fact(_("覆盖期间"), period),
            Fact(_("上传时间"), evidence.filed_at, kind="moment", note=str(actor(evidence.filed_by))),
            Fact(_("有效期至"), evidence.expires_on, kind="date"),
        ],
    )


@requires(EVIDENCE_VIEW)
def evidence_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A document: its four dates, versions with their hashes, the items that it serves, what happened."""
    evidence, today, names = evidence_or_404(request.user, pk), timezone.localdate(), names_today()
    word, tone = evidence_state(evidence, today, warned_before(today))
    actions = []
    if EVIDENCE_FILE(request.user).allowed and may_file_for(request.user, evidence.unit):
        url = reverse("campaign:version_add", args=[pk])
        actions.append(Action(_("换新版本"), url, icon="upload", kind="primary"))
    record = RecordPage(
        evidence.title, code=evidence.doc_no, kind=_("佐证材料"), state=tone, state_label=word,
        crumbs=crumbs(Crumb(_("佐证材料"), reverse("campaign:need_list"))), actions=actions,
        badges=[_("版本 %(number)s") % {"number": evidence.version}], sections=[evidence_facts(evidence)],
        timeline=_timeline(evidence),
    )  # fmt: skip
    tables = [
        (_("证明的评价内容"), Table(SERVED, [served_row(each, names) for each in links_of(evidence)], id="items")),
        (_("版本"), Table(VERSIONS, [version_row(each) for each in versions_of(evidence)], id="versions")),
    ]
    context = {"record": record, "tables": tables, "preview": preview_of(version_now(evidence))}
    return render(request, "campaign/evidence_record.html", context)


def preview_of(version: EvidenceVersion) -> dict[str, str]:
    """Kind ("pdf", "picture", "" or "gone", disposed of) and address of what a page can show of a version."""
    kind = {"pdf": "pdf", "jpg": "picture", "png": "picture"}.get(version.stored.kind, "")
    if not is_kept(version.stored):
        kind = "gone"
    args = [version.evidence_id, version.number]
    return {
        "kind": kind, "url": reverse("campaign:version_preview", args=args), "name": version.name,
        "download": reverse("campaign:version_download", args=args),
    }  # fmt: skip


def _timeline(evidence: Evidence) -> list[TimelineEntry]:
    names = item_titles()
    return [
        TimelineEntry(
            deed_text(entry.action), entry.at, by=actor(entry.actor), body=_told(entry.data, names), seal=entry.seal,
            seal_url=reverse("notary:entry_detail", args=[entry.uid]),
        )
        for entry in entries_of(f"campaign.evidence:{evidence.pk}")
        if entry.action in STEPS
    ]  # fmt: skip


def _told(data: Mapping[str, Any], names: Mapping[str, str]) -> str:
    verdict = NeedState(data["verdict"]).label if data.get("verdict") else ""
    item = f"{data['item']} {names.get(data['item'], '')}" if data.get("item") else ""
    return " ".join(filter(None, [item, str(verdict), data.get("comment") or data.get("note") or ""]))


def version_or_404(user: Any, pk: int, number: int) -> EvidenceVersion:
    """A version of a document that the user reaches. Raises Http404, OutOfReach."""
    evidence = evidence_or_404(user, pk)
    found = (
        EvidenceVersion.objects.filter(evidence=evidence, number=number).select_related("stored", "evidence").first()
    )
    if found is None:
        raise Http404(number)
    return found


@requires(EVIDENCE_VIEW)
def version_download(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The content of a version, by the door."""
    found = version_or_404(request.user, pk, number)
    return Door.of_page(request).let_out_stored(
        found.stored, found.name, kind=Kind.FILE, subject=f"campaign.evidence:{pk}",
        title=f"{found.evidence}（{found.name}）", at=timezone.now(),
    )  # fmt: skip
