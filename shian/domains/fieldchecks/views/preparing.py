"""Operators that are helped before the evaluation: ready, or what is missing and who helps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.permissions import PREPARATION_READ
from shian.domains.fieldchecks.queries.preparing import LEDGER, prepared_operators
from shian.domains.fieldchecks.tables.preparing import CATEGORIES, PREPARED, category_rows, prepared_row
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Filter, FilterBar, Option, Stat, picked_area
from shian.kernel.ui.states import DONE, DUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.tables import area_picker, in_reach


@requires(PREPARATION_READ)
def preparation_list(request: HttpRequest) -> HttpResponse:
    """Every operator on the list of the own areas."""
    user, today = request.user, timezone.localdate()
    area = in_reach(user, picked_area(request.GET.getlist("area")))
    category, state = request.GET.get("category", ""), request.GET.get("state", "")
    everybody = prepared_operators(user, area, today)
    found = [
        each for each in everybody
        if (not category or each.row.data["category"] == category)
        and (not state or each.is_ready == (state == "ready"))
    ]  # fmt: skip
    categories = sorted({each.row.data["category"] for each in everybody})
    ready = sum(each.is_ready for each in everybody)
    shown = ListPage(
        _("迎检备查"),
        Table(PREPARED, [prepared_row(each) for each in found], empty=Empty(
            _("没有符合条件的企业"), _("迎检企业在台账“迎检企业名单”中登记或导入。"))),
        unit=_("家"), summary=_("提前介入、逐家备查：已就绪，或者还缺什么、由谁帮扶。"),
        filters=FilterBar([
            Filter("category", _("迎检类别"), options=[Option(each, each) for each in categories], value=category),
            Filter("state", _("准备情况"), value=state, options=[
                Option("ready", _("已就绪")), Option("helped", _("帮扶中"))]),
        ], area_picker(user, area, today)),
        actions=[Action(_("打开台账"), reverse("ledgers:row_list", args=[LEDGER]), icon="notebook"),
                 Action(_("打印"), "#print", icon="printer")],
    )  # fmt: skip
    waiting = len(everybody) - ready
    stats = [
        Stat(_("迎检企业"), len(everybody), unit=_("家")),
        Stat(_("已就绪"), ready, unit=_("家"), part=ready, whole=len(everybody)),
        Stat(_("帮扶中"), waiting, unit=_("家"), state=DUE if waiting else DONE,
             state_label=_("待补齐") if waiting else _("齐全")),
        Stat(_("类别"), len(categories), unit=_("类")),
    ]  # fmt: skip
    tables = [(_("按类别"), Table(CATEGORIES, category_rows(everybody), id="categories"))]
    context = {"list": shown, "stats": stats, "notes": (), "tables": tables if everybody else ()}
    return render(request, "ui/page_overview.html", context)
