"""Lists: draws, the rows of a frame, what was drawn."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.draws.forms import stratum_options
from shian.engine.draws.frames import has_results
from shian.engine.draws.models import Draw, DrawPerson, DrawPick, DrawRow, DrawState
from shian.engine.draws.permissions import DRAW_READ, DRAW_WORK
from shian.engine.draws.queries import draw_for, draws_of
from shian.engine.draws.rules.recusal import team_rules_in
from shian.engine.draws.tables import (
    DRAWS,
    PEOPLE,
    PICKS,
    ROWS,
    draw_row,
    draw_url,
    frame_row,
    person_row,
    pick_row,
)
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar, Option, Tab
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names


@requires(DRAW_READ)
def draw_list(request: HttpRequest) -> HttpResponse:
    """All draws in reach, newest first."""
    query = ListQuery.read(request.GET, DRAWS, default_sort="-created_at")
    rows = draws_of(request.user).annotate(drawn=Sum("cells__drawn"))
    page = keyset_page(rows, query, total=draws_of(request.user).count())
    names = area_names(timezone.localdate())
    empty = Empty(_("还没有抽签"), _("先起草：选定名册和参数，冻结存证后再用公开的随机数抽取，任何人都能重算。"))
    new = Action(_("起草抽签"), reverse("draws:draw_create"), icon="plus", kind="primary")
    listed = ListPage(
        _("抽签"),
        Table(DRAWS, [draw_row(each, names) for each in page.items], query=query, page=page, empty=empty),
        unit=_("次"),
        summary=_("名册和参数先冻结存证，随机数后公布；谁都可以用公布的记录重新抽一遍。"),
        actions=[new] if DRAW_WORK(request.user).allowed else [],
    )
    return render(request, "ui/page_list.html", {"list": listed})


def draw_tabs(draw: Draw, active: str) -> list[Tab]:
    """The record, its sample, its frame."""
    picks = DrawPick.objects.filter(draw=draw).count() if draw.drawn_at else None
    found = [Tab(_("概况"), draw_url(draw), is_active=active == "draw")]
    if picks is not None:
        found.append(Tab(_("样本和备选"), reverse("draws:pick_list", args=[draw.pk]), picks, active == "picks"))
    if draw.team_rules:
        people = reverse("draws:person_list", args=[draw.pk])
        found.append(Tab(_("检查人员"), people, draw.people_count, active == "people"))
    found.append(Tab(_("名册"), reverse("draws:frame_rows", args=[draw.pk]), draw.frame_count, active == "rows"))
    if draw.confirmed_at and has_results(draw.frame_kind):
        url = reverse("draws:estimate_list", args=[draw.pk])
        found.append(Tab(_("由样本推断"), url, is_active=active == "estimates"))
    if draw.frozen_at:
        found.append(Tab(_("重新计算并核对"), reverse("draws:draw_check", args=[draw.pk]), is_active=active == "check"))
    return found


def draw_crumbs(draw: Draw | None = None) -> list[Crumb]:
    """The way back to the list, and to the draw."""
    found = [Crumb(_("抽签"), reverse("draws:draw_list"))]
    return [*found, Crumb(draw.title, draw_url(draw))] if draw else found


def _strata_bar(request: HttpRequest, counted: QuerySet[Any], *more: Filter) -> FilterBar:
    strata = dict(counted.order_by().values_list("stratum").annotate(count=Count("pk")).order_by("stratum"))
    chosen = request.GET.get("stratum", "")
    return FilterBar([Filter("stratum", _("层"), options=stratum_options(strata), value=chosen), *more])


@requires(DRAW_READ)
def frame_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Every unit of the frame."""
    draw = draw_for(request.user, pk)
    rows = DrawRow.objects.filter(draw=draw)
    bar = _strata_bar(request, rows)
    if stratum := request.GET.get("stratum", ""):
        rows = rows.filter(stratum=stratum)
    query = ListQuery.read(request.GET, ROWS, default_sort="key")
    page = keyset_page(rows, query)
    names = area_names(draw.as_of)
    shown = [frame_row(each, names) for each in page.items]
    listed = ListPage(
        _("名册"),
        Table(ROWS, shown, query=query, page=page, empty=Empty(_("没有符合条件的单位"))),
        unit=_("个"),
        summary=draw.title,
        crumbs=draw_crumbs(draw),
        tabs=draw_tabs(draw, "rows"),
        filters=bar,
    )
    return render(request, "ui/page_list.html", {"list": listed})


@requires(DRAW_READ)
def pick_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The sample and the reserves, by stratum, in the order drawn."""
    draw = draw_for(request.user, pk)
    if draw.drawn_at is None:
        raise Http404(pk)
    picks = DrawPick.objects.filter(draw=draw)
    kind = request.GET.get("kind", "")
    kinds = Filter("kind", _("抽为"), options=[Option("sample", _("样本")), Option("reserve", _("备选"))], value=kind)
    counted = DrawRow.objects.filter(draw=draw, pick__isnull=False)
    bar = _strata_bar(request, counted, kinds)
    if stratum := request.GET.get("stratum", ""):
        picks = picks.filter(cell__stratum=stratum)
    if kind:
        picks = picks.filter(is_reserve=kind == "reserve")
    columns = [column for column in PICKS if draw.team_rules or column.key != "team"]
    query = ListQuery.read(request.GET, columns)
    joined = picks.select_related("row", "replaced__stand_in__row", "replaces__gone__row")
    joined = joined.prefetch_related("members__person")
    page = keyset_page(joined, query)
    names = area_names(draw.as_of)
    may = draw.state == DrawState.CONFIRMED and DRAW_WORK(request.user).allowed
    rows = [pick_row(each, names, is_replaceable=may) for each in page.items]
    listed = ListPage(
        _("样本和备选"),
        Table(columns, rows, query=query, page=page, empty=Empty(_("没有符合条件的单位"))),
        unit=_("个"),
        summary=draw.title,
        crumbs=draw_crumbs(draw),
        tabs=draw_tabs(draw, "picks"),
        filters=bar,
    )
    return render(request, "ui/page_list.html", {"list": listed})


@requires(DRAW_READ)
def person_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who could be drawn, with the number of their places."""
    draw = draw_for(request.user, pk)
    if not draw.team_rules:
        raise Http404(pk)
    people = DrawPerson.objects.filter(draw=draw)
    query = ListQuery.read(request.GET, PEOPLE, default_sort="key")
    counted = people.annotate(drawn=Count("places", filter=Q(places__pick__replaced=None)))
    page = keyset_page(counted, query, total=draw.people_count)
    names, rules = area_names(draw.as_of), team_rules_in(draw.team_rules)
    rows = [person_row(each, rules, draw.as_of, names) for each in page.items]
    listed = ListPage(
        _("检查人员"),
        Table(PEOPLE, rows, query=query, page=page, empty=Empty(_("没有检查人员"))),
        unit=_("人"),
        summary=draw.title,
        crumbs=draw_crumbs(draw),
        tabs=draw_tabs(draw, "people"),
    )
    return render(request, "ui/page_list.html", {"list": listed})
