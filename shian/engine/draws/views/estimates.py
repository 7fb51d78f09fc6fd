"""What the results of a draw tell of all that could be drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shian.engine.draws.permissions import DRAW_READ
from shian.engine.draws.queries import draw_for, inferences_of
from shian.engine.draws.rules.inference import Inference, Inferences
from shian.engine.draws.tables import INFERENCES, inference_row, interval_text, mean_text, percentage
from shian.engine.draws.views.lists import draw_crumbs, draw_tabs
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.keyset import sliced_page
from shian.kernel.ui.pages import RecordPage
from shian.kernel.ui.pieces import Callout, Fact, Section
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names


@requires(DRAW_READ)
def estimate_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass rate and mean with intervals: of all, by stratum, by area."""
    draw = draw_for(request.user, pk)
    told = inferences_of(draw, request.user)
    if told is None:
        raise Http404(pk)
    query = ListQuery.read(request.GET, INFERENCES)
    strata = sliced_page(told.strata, query)
    page = RecordPage(
        _("由样本推断"), crumbs=draw_crumbs(draw), tabs=draw_tabs(draw, "estimates"), sections=[_whole(told.whole)]
    )
    context = {
        "record": page,
        "notes": _notes(told),
        "strata": replace(_table(strata.items, {}, "strata", _("层")), query=query, page=strata),
        "areas": _table(told.areas, area_names(draw.as_of), "areas", _("区划")),
    }
    return render(request, "draws/estimate_list.html", context)


def _whole(whole: Inference) -> Section:
    facts = [
        Fact(_("可抽的单位"), whole.population, kind="number", unit=_("个")),
        Fact(_("已检查"), whole.visited, kind="number", unit=_("个")),
        Fact(_("合格率"), percentage(whole.rate), note=interval_text(whole.rate, is_rate=True)),
        Fact(_("平均分"), mean_text(whole.mean), note=interval_text(whole.mean, is_rate=False)),
        Fact(_("误差减半共需检查"), whole.halving or None, kind="number", unit=_("个")),
    ]
    note = _("数字下方为 95% 置信区间，按分层和总体大小修正；不参加抽取的单位不在推断之内。")
    return Section(_("总体"), facts, note=note)


def _notes(told: Inferences) -> list[Callout]:
    found = []
    if told.whole.covered < told.whole.population:
        missing = [each.name for each in told.strata if not each.visited]
        text = _("推断只涵盖 %(covered)s / %(population)s 个单位。还没有结果的层：%(names)s。")
        names = "、".join(missing[:8]) or "—"
        shown = {"covered": told.whole.covered, "population": told.whole.population, "names": names}
        found.append(Callout(_("有的层还没有检查结果"), text % shown, state="waiting"))
    if told.strange:
        text = _("%(count)s 个结果不属于名册中可抽的单位，没有计入。") % {"count": len(told.strange)}
        found.append(Callout(_("有的结果没有计入"), text, state="due"))
    return found


def _table(found: Sequence[Inference], names: Mapping[str, str], id: str, heading: str) -> Table:
    columns = [replace(INFERENCES[0], label=heading), *INFERENCES[1:]]
    return Table(columns, [inference_row(each, names) for each in found], id=id, empty=Empty(_("没有可推断的单位")))
