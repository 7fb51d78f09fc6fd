"""Producers: who is listed, guided, connected and uploading (E-08)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.tracing.models import Category
from shian.domains.tracing.permissions import TRACING_READ
from shian.domains.tracing.queries.certificates import completion_of, producers_chosen
from shian.domains.tracing.queries.numbers import NUMBERS
from shian.domains.tracing.tables.certificates import PRODUCER_STATES, PRODUCERS, producer_rows
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Filter, FilterBar, Option, picked_area
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach


@requires(TRACING_READ)
def producer_list(request: HttpRequest) -> HttpResponse:
    """Producers in the reader's reach; those that stopped uploading are a filter."""
    told, today = request.GET, timezone.localdate()
    area, text = in_reach(request.user, picked_area(told.getlist("area"))), told.get("q", "").strip()[:60]
    category = told.get("category", "") if told.get("category") in Category.values else ""
    state = told.get("state", "") if told.get("state") in {"guided", "uploading", "silent"} else ""
    query = ListQuery.read(told, PRODUCERS, default_sort="name")
    rows = producers_chosen(request.user, today, area=area, category=category, state=state, text=text)
    page, names = keyset_page(rows, query), area_names(today)
    states = [Option(key, PRODUCER_STATES[key][0]) for key in ("guided", "uploading", "silent")]
    summary = _("接入 %(connected)s 家；超过 %(days)s 天没有上传的列为停止上传，共 %(silent)s 家。")
    sums = completion_of(request.user, today)
    found = ListPage(
        _("农产品生产主体"),
        Table(PRODUCERS, list(producer_rows(page.items, names, today)), query=query, page=page,
              empty=Empty(_("没有符合条件的生产主体"), _("请在“数据导入”中导入。"))),
        unit=_("家"),
        summary=summary % {
            "connected": f"{sums.producers:,}", "days": NUMBERS.at(today).silent_days, "silent": sums.silent,
        },
        filters=FilterBar(
            [
                Filter("q", _("搜索"), "search", value=text, placeholder=_("名称或编号")),
                Filter("category", _("类别"), options=[Option(*each) for each in Category.choices], value=category),
                Filter("state", _("状态"), options=states, value=state),
            ],
            area_picker(request.user, area, today, names),
        ),
        actions=[Action(_("产地合格证"), reverse("tracing:certificate_list"), icon="certificate")],
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": found})
