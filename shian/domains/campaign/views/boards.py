"""The two rankings of lost points."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shian.domains.campaign.filters import NO_LEAD
from shian.domains.campaign.permissions import EVALUATION_VIEW
from shian.domains.campaign.queries.evaluations import item_results
from shian.domains.campaign.queries.losses import Loss, loss_totals, losses_by_area, losses_by_department
from shian.domains.campaign.queries.units import units_for
from shian.domains.campaign.tables.results import AREA_LOSSES, LOSSES, area_loss_row, loss_row
from shian.domains.campaign.views.sights import Seen, crumbs, seen, weights_callout
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.charts import Chart, Series
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Filter, FilterBar, Tab
from shian.kernel.ui.tables import Empty, Table

CHARTED = 15


def _bar(found: Seen) -> FilterBar:
    return FilterBar([Filter("as_of", _("截止日期"), kind="date", value=str(found.as_of))], area=found.picker)


@requires(EVALUATION_VIEW)
def loss_list(request: HttpRequest) -> HttpResponse:
    """Lost points by lead unit, or by area with ?by=area."""
    found = seen(request)
    if found.sight.evaluation is None:
        return redirect("campaign:item_list")
    by_area = request.GET.get("by") == "area"
    table, chart = _by_area(request, found) if by_area else _by_unit(request, found)
    seen_at = urlencode({"area": found.area_key, "as_of": found.as_of})
    tabs = [
        Tab(_("按牵头单位"), f"?{seen_at}", is_active=not by_area),
        Tab(_("按区划"), f"?{seen_at}&by=area", is_active=by_area),
    ]
    bar = FilterBar([*_bar(found).filters, Filter("by", "", "hidden", value="area" if by_area else "")], found.picker)
    page = ListPage(
        _("失分分布"),
        table,
        unit=_("个区划") if by_area else _("个单位"),
        summary=found.title,
        crumbs=crumbs(),
        tabs=tabs,
        filters=bar,
    )
    note = weights_callout(found.evaluation)
    return render(request, "campaign/board.html", {"list": page, "notes": [note] if note else [], "chart": chart})


def _by_unit(request: HttpRequest, found: Seen) -> tuple[Table, Chart | None]:
    results = item_results(found.evaluation, found.area_key, request.user)
    units = units_for(found.evaluation.standard, found.area_key, found.as_of)
    losses = losses_by_department(results, units)
    rows = [loss_row(loss, _unit_url(loss, found)) for loss in losses]
    total = loss_totals(results)
    sums = {"lost": total.lost, "undecided": total.undecided}
    table = Table(
        LOSSES, rows, totals={"unit": _("合计"), **sums}, empty=Empty(_("没有失分项，也没有未定项"), _("继续保持。"))
    )
    charted = [loss for loss in losses if loss.lost][:CHARTED]
    names = [loss.unit.name if loss.unit else _("无牵头单位") for loss in charted]
    urls = [_unit_url(loss, found) for loss in charted]
    return table, _chart(_("各牵头单位失分"), names, [float(loss.shown_lost) for loss in charted], urls)


def _unit_url(loss: Loss, found: Seen) -> str:
    unit = loss.unit.department if loss.unit else NO_LEAD
    return f"{reverse('campaign:item_list')}?{urlencode({'area': found.area_key, 'as_of': found.as_of, 'unit': unit})}"


def _by_area(request: HttpRequest, found: Seen) -> tuple[Table, Chart | None]:
    losses = losses_by_area(found.evaluation, found.area_key, request.user)
    page = reverse("campaign:item_list")
    urls = [f"{page}?{urlencode({'area': loss.area_key, 'as_of': found.as_of})}" for loss in losses]
    rows = [area_loss_row(loss, found.names, url) for loss, url in zip(losses, urls, strict=True)]
    empty = Empty(_("没有下级区划"), _("请选择上一级区划。"))
    names = [found.names.get(loss.area_key, loss.area_key) for loss in losses[:CHARTED]]
    values = [float(loss.score.lost) for loss in losses[:CHARTED]]
    return Table(AREA_LOSSES, rows, empty=empty), _chart(_("各区划失分"), names, values, urls[:CHARTED])


def _chart(title: str, names: list[str], values: list[float], urls: list[str]) -> Chart | None:
    if not values:
        return None
    return Chart(
        "losses", title, names, [Series(_("失分"), values)], kind="hbar", unit=_("分"), x_title="",
        urls=urls,
    )  # fmt: skip
