"""The report by stage of the food chain: seven rows, always."""

from collections import defaultdict
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.census.definitions.measures import STAGE_KEYS
from shian.domains.census.permissions import OPERATOR_READ
from shian.domains.census.queries.operators import formats_by_stage, products_by_scope
from shian.domains.census.tables import FORMATS, SCOPES, STAGES, format_row, scope_row, stage_row
from shian.engine.measures.queries import figures, refuse_out_of_reach
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.rules import code_of_key, level_of_key
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Crumb, Filter, FilterBar, picked_area
from shian.kernel.ui.tables import Row, Table
from shian.registers.areas.queries import area_names, home_key
from shian.registers.areas.tables import area_picker, in_reach, without_area

TOTAL = "operators.total"


@requires(OPERATOR_READ)
def stage_report(request: HttpRequest) -> HttpResponse:
    as_of = _as_of(request)
    area = in_reach(request.user, picked_area(request.GET.getlist("area"))) or home_key(request.user, as_of)
    if not area:
        return render(request, "ui/page_list.html", {"list": without_area(_("按环节统计"))})
    refuse_out_of_reach(TOTAL, area, request.user)
    counted = formats_by_stage(area, as_of)
    stages = Table(STAGES, _stages(area, as_of, counted), caption=_("全环节"))
    page = ListPage(
        _("按环节统计"),
        stages,
        unit=_("个环节"),
        summary=_("%(area)s，%(day)s；没有登记的环节也列出。")
        % {"area": area_names(as_of).get(area, area), "day": as_of.isoformat()},
        crumbs=[Crumb(_("经营主体"), reverse("census:operator_list"))],
        filters=FilterBar(
            [Filter("as_of", _("数据时点"), "date", value=as_of.isoformat())],
            area=area_picker(request.user, area, as_of),
        ),
    )
    where = {"area": area, "as_of": as_of.isoformat()}
    formats = Table(FORMATS, [format_row(*row, where) for row in counted], caption=_("按业态"), id="formats")
    scopes = Table(
        SCOPES, [scope_row(*pair) for pair in products_by_scope().items()], caption=_("产品范围"), id="scopes"
    )
    return render(request, "census/stage_report.html", {"list": page, "formats": formats, "scopes": scopes})


def _as_of(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return timezone.localdate()


def _stages(area: str, as_of: date, counted: list[tuple[str, str, str, int]]) -> list[Row]:
    keys = {stage: f"operators.by_stage.{key}" for stage, key in STAGE_KEYS.items()}
    found = figures([TOTAL, *keys.values()], as_of=as_of, area_prefix=area, levels=[level_of_key(area)], areas=[area])
    formats: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for stage, _kind, name, count in sorted(counted, key=lambda row: -row[3]):
        formats[stage].append((name, count))
    total = found[TOTAL][area].value
    where = f"?area={code_of_key(area)}&as_of={as_of.isoformat()}"
    return [
        stage_row(stage, found[key][area], total, formats[stage], reverse("figures:figure_detail", args=[key]) + where)
        for stage, key in keys.items()
    ]
