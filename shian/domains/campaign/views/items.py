"""The 94 items of one area, and one item (pattern 4)."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.campaign.filters import filter_bar
from shian.domains.campaign.models import ItemResult, ItemState
from shian.domains.campaign.permissions import EVALUATION_VIEW, REASON_STATE
from shian.domains.campaign.queries.answers import weights_note
from shian.domains.campaign.queries.evaluations import item_results
from shian.domains.campaign.queries.report_figures import FAILED, PARTIAL, UNKNOWN, outcome_of
from shian.domains.campaign.queries.standards import section_titles, standard_in_force
from shian.domains.campaign.queries.units import Units, units_for
from shian.domains.campaign.rules.results import Tally, converted_total
from shian.domains.campaign.rules.rounding import rounded
from shian.domains.campaign.tables.results import ITEMS, OUTCOMES, item_rows
from shian.domains.campaign.views.sights import Seen, run_action, seen, weights_callout
from shian.engine.ledgers.exports import FORMATS, make_export
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Callout, Stat, Tab
from shian.kernel.ui.tables import Empty, ListQuery, Table, sorted_rows

TABS = ("", FAILED, PARTIAL, UNKNOWN)


@requires(EVALUATION_VIEW)
def item_list(request: HttpRequest) -> HttpResponse:
    """The 94 items with the area's score above them."""
    found = seen(request)
    if found.sight.evaluation is None:
        return _never_evaluated(request, found)
    results = item_results(found.evaluation, found.area_key, request.user)
    units = units_for(found.evaluation.standard, found.area_key, found.as_of)
    sections = section_titles(found.evaluation.standard_id)
    chosen = found.chosen.chosen(results, units)
    query = ListQuery.read(request.GET, ITEMS)
    rows = sorted_rows(item_rows(chosen, units, sections, found.as_of), query)
    empty = Empty(_("没有符合条件的评价内容"), _("请放宽筛选条件。"), "?", _("清除筛选"))
    page = ListPage(
        pgettext("list", "评价内容"),
        Table(ITEMS, rows, query=query, empty=empty),
        unit=_("项"),
        summary=_("%(title)s · %(standard)s") % {"title": found.title, "standard": found.evaluation.standard.title},
        tabs=item_tabs(request, results, units, found),
        filters=filter_bar(found.chosen, results, sections, units, found.picker, found.as_of),
        actions=[*_list_actions(request.user, results, found), *run_action(request.user)],
        export_url=reverse("campaign:item_export"),
        export_formats=FORMATS,
    )
    context = {"list": page, "stats": _stats(results, found), "notes": _notes(found)}
    return render(request, "campaign/item_list.html", context)


def _never_evaluated(request: HttpRequest, found: Seen) -> HttpResponse:
    has_standard = standard_in_force() is not None
    advice = _("请运行评价。") if has_standard else _("请先导入并启用评价细则。")
    url = reverse("campaign:evaluation_run") if has_standard else reverse("campaign:standard_detail")
    empty = Empty(_("还没有评价结果"), advice, url, _("去办理"))
    page = ListPage(pgettext("list", "评价内容"), Table(ITEMS, [], empty=empty), actions=run_action(request.user))
    return render(request, "campaign/item_list.html", {"list": page, "stats": [], "notes": []})


def item_tabs(request: HttpRequest, results: list[ItemResult], units: Units, found: Seen) -> list[Tab]:
    """One tab per outcome, each with the number that it will show: every other filter is in force."""
    params = request.GET.copy()
    counts = Counter(outcome_of(each) for each in replace(found.chosen, outcome="").chosen(results, units))
    tabs = []
    for outcome in TABS:
        params["outcome"] = outcome
        label = OUTCOMES[outcome][0] if outcome else _("全部")
        state = OUTCOMES[outcome][1] if outcome else ""
        count = counts[outcome] if outcome else counts.total()
        is_active = found.chosen.outcome == outcome
        tabs.append(Tab(label, f"?{params.urlencode()}", count=count, is_active=is_active, state=state))
    return tabs


def _list_actions(user: Any, results: list[ItemResult], found: Seen) -> list[Action]:
    seen_at = urlencode({"area": found.area_key, "as_of": found.as_of})
    actions = [
        Action(_("否决项"), f"{reverse('campaign:veto_board')}?{seen_at}", icon="ban"),
        Action(_("失分分布"), f"{reverse('campaign:loss_list')}?{seen_at}", icon="chart-bar"),
    ]
    waiting = sum(each.state == ItemState.UNKNOWN and not each.stated_reason for each in results)
    if waiting and REASON_STATE(user).allowed:
        url = f"{reverse('campaign:reasons_adopt')}?{seen_at}"
        text = _("%(count)s 项未定内容将按系统列明的原因记录理由，此后可以出具自评报告。") % {"count": waiting}
        actions.append(Action(_("采用系统列明的原因"), url, icon="edit", method="post", consequence=text))
    return actions


def _stats(results: list[ItemResult], found: Seen) -> list[Stat]:
    total = Tally.over(results)
    scale = found.evaluation.scoring.total
    note = _("示例权重") if found.evaluation.scoring.is_illustrative else found.evaluation.scoring.title
    counts = total.by_name
    triggered, unknown = counts["vetoes_triggered"], counts["unknown"]
    return [
        Stat(_("得分"), total.earned, _("分"), 2, note=note,
             part=rounded(total.earned), whole=rounded(total.possible)),
        Stat(_("折算为 %(scale)s 分制") % {"scale": f"{scale:f}".rstrip("0").rstrip(".")},
             converted_total(total.earned, total.possible, scale), _("分"), 2, note=note),
        Stat(_("失分"), total.decided - total.earned, _("分"), 2, note=note,
             url=f"{reverse('campaign:loss_list')}?{urlencode({'area': found.area_key, 'as_of': found.as_of})}"),
        Stat(_("未定分值"), total.possible - total.decided, _("分"), 2,
             note=_("%(count)s 项还没有结论") % {"count": unknown}),
        Stat(_("触发的否决情形"), triggered, _("项"), state="overdue" if triggered else "", state_label=_("已触发"),
             url=f"{reverse('campaign:veto_board')}?{urlencode({'area': found.area_key, 'as_of': found.as_of})}",
             note=_("%(count)s 项未定") % {"count": counts["vetoes_unknown"]}),
    ]  # fmt: skip


def _notes(found: Seen) -> list[Callout]:
    note = weights_callout(found.evaluation)
    return [note] if note else []


@requires(EVALUATION_VIEW)
def item_export(request: HttpRequest) -> HttpResponseBase:
    """Exactly the filtered rows, with weights note, date, user and checksum."""
    found = seen(request)
    file_format = request.GET.get("format", FORMATS[0])
    if file_format not in FORMATS:
        raise Http404(file_format)
    results = item_results(found.evaluation, found.area_key, request.user)
    units = units_for(found.evaluation.standard, found.area_key, found.as_of)
    sections = section_titles(found.evaluation.standard_id)
    now = timezone.now()
    door = Door.of_page(request)
    made = make_export(
        name=f"{_('评价内容')} {found.title}",
        format=file_format,
        columns=ITEMS,
        rows=item_rows(found.chosen.chosen(results, units), units, sections, found.as_of),
        facts={
            _("区划"): found.area_name,
            _("数据时点"): str(found.as_of),
            _("筛选"): request.GET.urlencode(),
            _("计分"): weights_note(found.evaluation),
        },
        by=request.user.get_username(),
        at=now,
        door=door,
    )
    return made.leave(door, subject=f"campaign.evaluation:{found.evaluation.pk}", at=now)


def decimal_from(text: str) -> Decimal | None:
    """A number of a URL; None for anything else."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
