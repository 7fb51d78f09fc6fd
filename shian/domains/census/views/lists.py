"""The operator list and its export."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.census.filters import choice_facts, filter_bar, read_choice
from shian.domains.census.permissions import CODE_MANAGE, OPERATOR_EXPORT, OPERATOR_READ
from shian.domains.census.queries.operators import OperatorChoice, found_operators, operators_chosen
from shian.domains.census.tables import OPERATORS, operator_rows
from shian.engine.ledgers.exports import FORMATS, make_export
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.imports.permissions import import_into
from shian.kernel.imports.specs import importer
from shian.kernel.ui.keyset import Page, keyset_page
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.operators.models import Operator


@requires(OPERATOR_READ)
def operator_list(request: HttpRequest) -> HttpResponse:
    choice = read_choice(request.GET, request.user)
    query = ListQuery.read(request.GET, OPERATORS, default_sort="name", unique="id")
    page = _page(choice, query, request.user)
    names, may_manage = area_names(choice.as_of), CODE_MANAGE(request.user).allowed
    table = Table(
        OPERATORS,
        list(operator_rows(page.items, names, choice.as_of)),
        query=query,
        page=page,
        has_ticks=may_manage,
        empty=Empty(_("没有符合条件的主体"), _("请放宽筛选条件；只显示本人辖区内的主体。")),
    )
    shown = ListPage(
        _("经营主体"),
        table,
        unit=_("家"),
        filters=filter_bar(choice, request.user, names),
        actions=_actions(request.user),
        export_url=reverse("census:operator_export"),
        export_formats=FORMATS,
        bulk_actions=_bulk_actions() if may_manage else (),
    )
    return render(request, "ui/page_list.html", {"list": shown})


def _page(choice: OperatorChoice, query: ListQuery, user: Any) -> Page[Operator]:
    if not choice.text:
        return keyset_page(operators_chosen(choice, user), query)
    return keyset_page(found_operators(choice, user), replace(query, order=("found_as", "id")))


def _actions(user: Any) -> list[Action]:
    actions = [
        Action(_("主体分布"), reverse("census:operator_map"), icon="map-pin"),
        Action(_("按环节统计"), reverse("census:stage_report"), icon="chart-bar"),
    ]
    if CODE_MANAGE(user).allowed:
        actions.append(Action(_("打印二维码"), reverse("census:sheet_print"), icon="qrcode"))
    if not import_into(importer("operators"))(user).allowed:
        return actions
    url = f"{reverse('imports:batch_create')}?importer=operators"
    return [*actions, Action(_("导入"), url, icon="file-import", kind="primary")]


def _bulk_actions() -> list[Action]:
    """What is done to ticked rows. None of it needs asking: a code harms nobody, and paper is what is wanted."""
    return [
        Action(_("生成二维码"), reverse("census:code_issue"), icon="qrcode"),
        Action(_("打印二维码"), reverse("census:sheet_print"), icon="printer"),
    ]


@requires(OPERATOR_EXPORT)
def operator_export(request: HttpRequest) -> HttpResponseBase:
    """Every row of the filtered list in the columns that lists have; personal data stays masked."""
    choice = read_choice(request.GET, request.user)
    file_format = request.GET.get("format", FORMATS[0])
    if file_format not in FORMATS:
        raise Http404(file_format)
    names, now = area_names(choice.as_of), timezone.now()
    rows = operators_chosen(choice, request.user).order_by("name_pinyin", "id").iterator(chunk_size=2000)
    door = Door.of_page(request)
    made = make_export(
        name=str(_("经营主体")),
        format=file_format,
        columns=OPERATORS,
        rows=operator_rows(rows, names, choice.as_of),
        facts=choice_facts(choice),
        by=request.user.get_username(),
        at=now,
        door=door,
    )
    return made.leave(door, subject="operators.operator:list", at=now)
