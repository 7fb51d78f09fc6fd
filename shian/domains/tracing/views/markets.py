"""Markets: list, record with merchants."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.permissions import TRACING_READ
from shian.domains.tracing.queries.markets import markets_for, turnovers
from shian.domains.tracing.tables.markets import MARKETS, market_rows
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names


@requires(TRACING_READ)
def market_list(request: HttpRequest) -> HttpResponse:
    """Markets in the reader's reach with their totals."""
    rows = list(market_rows(markets_for(request.user), turnovers(request.user), area_names(timezone.localdate())))
    empty = Empty(_("没有登记市场"), _("请在“数据导入”中导入市场和商户。"))
    table = Table(MARKETS, rows, query=ListQuery.read(request.GET, MARKETS), empty=empty)
    return render(request, "ui/page_list.html", {"list": ListPage(_("市场追溯"), table, unit=_("个"))})
