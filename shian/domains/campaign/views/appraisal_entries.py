"""One unit in a year's appraisal: its lines side by side, its self-score, the verification (A-17)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.appraisals import AppraisalRefused, file_entry, verify_entry
from shian.domains.campaign.forms.appraisals import LinesForm, SelfScoreForm, VerifyForm
from shian.domains.campaign.models import AppraisalEntry, AppraisalLine, AppraisalState, EntryState
from shian.domains.campaign.permissions import APPRAISAL_FILE, APPRAISAL_KEEP, APPRAISAL_VIEW
from shian.domains.campaign.queries.appraisals import documents_of, lines_of, reads_lines
from shian.domains.campaign.queries.periods import period_text
from shian.domains.campaign.queries.rankings import is_own, rankings_for, trend_of
from shian.domains.campaign.rules.commendations import APPRAISAL, CauseKey
from shian.domains.campaign.rules.rounding import rounded
from shian.domains.campaign.tables.appraisals import LINES, entry_state, entry_url, line_row, proofs_html
from shian.domains.campaign.tables.unit_scores import unit_url
from shian.domains.campaign.views.commendations import propose_action
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.formats import number_text
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.pages import FieldGroup, FormPage, RecordPage
from shian.kernel.ui.pieces import Action, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.tables import Table

STEPS = frozenset({"campaign.appraisal_filed", "campaign.appraisal_verified"})


def _entry(user: Any, pk: int) -> AppraisalEntry:
    found = AppraisalEntry.objects.select_related("appraisal", "unit").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    if not reads_lines(user, found):
        raise OutOfReach(f"campaign.appraisalentry:{pk}")
    return found


def _trail(entry: AppraisalEntry, *, with_unit: bool = True) -> list[Crumb]:
    listed = Crumb(_("年度考核"), f"{reverse('campaign:appraisal_list')}?year={entry.appraisal.year}")
    return crumbs(listed, *([Crumb(entry.unit.name, entry_url(entry))] if with_unit else []))


@requires(APPRAISAL_VIEW)
def appraisal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Self-score and verified score side by side, with the documents, and a reason wherever they differ."""
    entry = _entry(request.user, pk)
    state = entry_state(entry, is_late=timezone.localdate() > entry.appraisal.due_on)
    lines = list(lines_of(entry))
    page = RecordPage(
        entry.unit.name,
        code=_("%(year)s年度考核") % {"year": entry.appraisal.year},
        kind=_("年度考核"),
        state=state.state,
        state_label=str(state.value),
        badges=[_("等次 %(grade)s") % {"grade": entry.grade}] if entry.grade else [],
        crumbs=_trail(entry, with_unit=False),
        actions=_actions(request.user, entry),
        sections=[_facts(request.user, entry)],
        timeline=_timeline(entry),
    )
    totals = {
        "line": _("合计"), "maximum": sum(each.maximum for each in lines), "self": entry.self_total,
        "verified": entry.verified_total,
    }  # fmt: skip
    table = Table(LINES, [line_row(each) for each in lines], totals=totals, id="lines")
    return render(
        request, "campaign/record_table.html", {"record": page, "title": _("自评和核定"), "table": table}
    )  # fmt: skip


def _facts(user: Any, entry: AppraisalEntry) -> Section:
    place = _("第 %(place)s 名") % {"place": entry.place} if entry.place else ""
    facts = [
        Fact(_("自评分"), entry.self_total, kind="number", unit=_("分")),
        Fact(_("核定分"), entry.verified_total, kind="number", unit=_("分")),
        Fact(_("名次"), place),
        Fact(_("自评期限"), entry.appraisal.due_on, kind="date"),
        Fact(_("自评时间"), entry.filed_at, kind="moment", note=actor(entry.filed_by) if entry.filed_by else ""),
        Fact(
            _("核定时间"), entry.verified_at, kind="moment", note=actor(entry.verified_by) if entry.verified_by else ""
        ),
    ]
    kept = list(rankings_for(user, entry.appraisal.area)[:1])
    for period, score in trend_of(entry.unit.code, kept):
        facts.append(Fact(_("最近一期动态评价"), rounded(score), kind="number", unit=_("分"), note=period_text(period),
                          url=unit_url(entry.unit.code, period)))  # fmt: skip
    return Section(_("考核情况"), [each for each in facts if each.value not in (None, "")])


def _timeline(entry: AppraisalEntry) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            deed_text(each.action), each.at, by=actor(each.actor), seal=each.seal,
            body=_("%(total)s 分") % {"total": each.data["total"]},
            seal_url=reverse("notary:entry_detail", args=[each.uid]),
        )
        for each in entries_of(f"campaign.appraisalentry:{entry.pk}")
        if each.action in STEPS
    ]  # fmt: skip


def _actions(user: Any, entry: AppraisalEntry) -> list[Action]:
    found = [Action(_("打印"), "#print", icon="printer")]
    if entry.appraisal.state != AppraisalState.ISSUED:
        key = CauseKey(APPRAISAL, str(entry.appraisal.year), entry.unit.code)
        return [*found, *propose_action(user, key, entry.appraisal.area)]
    if APPRAISAL_FILE(user).allowed and is_own(user, entry.unit) and entry.state != EntryState.VERIFIED:
        label = _("自评") if entry.state == EntryState.OPEN else _("修改自评")
        url = reverse("campaign:appraisal_submit", args=[entry.pk])
        found.append(Action(label, url, icon="edit", kind="primary"))
    is_keeper = APPRAISAL_KEEP(user).allowed and reach_of(user).covers(entry.appraisal.area)
    if is_keeper and entry.state != EntryState.OPEN:
        label = _("核定") if entry.state == EntryState.FILED else _("修改核定")
        kind = "primary" if entry.state == EntryState.FILED else "secondary"
        url = reverse("campaign:appraisal_verify", args=[entry.pk])
        found.append(Action(label, url, icon="check", kind=kind))
    return found


@requires(APPRAISAL_FILE)
def appraisal_submit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The unit scores itself, line by line."""
    entry = _entry(request.user, pk)
    if not is_own(request.user, entry.unit):
        raise OutOfReach(f"campaign.appraisalentry:{pk}")
    lines = list(lines_of(entry))
    documents = [(each.pk, f"{each.title} {each.doc_no}".strip()) for each in documents_of(entry.unit)[:200]]
    initial: dict[str, Any] = {}
    for each in lines:
        initial |= {f"score_{each.number}": each.self_score, f"words_{each.number}": each.self_note,
                    f"proofs_{each.number}": [proof.pk for proof in each.proofs.all()]}  # fmt: skip
    form = SelfScoreForm(request.POST or None, lines=lines, documents=documents, initial=initial)

    def step() -> str:
        file_entry(entry=entry, said=form.said, by=request.user, at=timezone.now())
        return _("已提交自评并留存证。")

    helps = {each.number: ChineseText(each.asked) for each in lines}
    note = _("核定前可以修改；得分大于 0 的每一条都要写明情况或者附本单位的佐证材料。")
    return _page(request, entry, form, step, helps, (_("自评"), note))


@requires(APPRAISAL_KEEP)
def appraisal_verify(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The office's points beside the unit's; a difference without a reason is refused, line by line."""
    entry = _entry(request.user, pk)
    if not reach_of(request.user).covers(entry.appraisal.area):
        raise OutOfReach(f"campaign.appraisalentry:{pk}")
    lines = list(lines_of(entry))
    initial: dict[str, Any] = {}
    for each in lines:
        verified = each.self_score if each.verified_score is None else each.verified_score
        initial |= {f"score_{each.number}": verified, f"words_{each.number}": each.reason}
    form = VerifyForm(request.POST or None, lines=lines, initial=initial)

    def step() -> str:
        verify_entry(entry=entry, said=form.said, by=request.user, at=timezone.now())
        return _("已核定并留存证。")

    helps = {each.number: _own_words(each) for each in lines}
    note = _("已按自评分填好；改动的每一条都要写明差异理由，评定等次前可以修改。")
    return _page(request, entry, form, step, helps, (_("核定"), note))


def _own_words(line: AppraisalLine) -> str:
    """What the unit said, with its documents as links."""
    score = _("自评 %(score)s 分") % {"score": number_text(line.self_score)}
    proofs = proofs_html(line)
    return format_html("{}{}{}", score, f"：{line.self_note}" if line.self_note else "",
                       format_html("；{}", proofs) if proofs else "")  # fmt: skip


def _page(
    request: HttpRequest, entry: AppraisalEntry, form: LinesForm, step: Callable[[], str], helps: dict[int, Any],
    texts: tuple[str, str],
) -> HttpResponseBase:  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            said = step()
        except AppraisalRefused as refused:
            form.refuse(str(refused), refused.lines)
        else:
            messages.success(request, said)
            return redirect(entry_url(entry))
    title, note = texts
    groups = [
        FieldGroup(ChineseText(f"{each.number}. {each.title}"), form.names(each), helps[each.number])
        for each in form.lines
    ]
    page = FormPage(
        title, form, _("提交"), groups=groups, consequence=note, cancel_url=entry_url(entry), crumbs=_trail(entry),
        intro=f"{entry.unit.name} · {entry.appraisal.year}", draft=f"appraisal-{entry.pk}",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})
