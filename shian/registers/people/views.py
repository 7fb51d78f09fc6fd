"""Pages of units: the list, and one unit with its posts."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.kernel.accounts.actions import EndMissing, UsernameTaken, UsernameUnusable
from shian.kernel.accounts.permissions import ACCOUNT_MANAGE, any_user, confirms, requires
from shian.kernel.accounts.views.users import show_code
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import level_of_key
from shian.kernel.ui.keyset import keyset_page
from shian.kernel.ui.pages import FormPage, ListPage, RecordPage
from shian.kernel.ui.panels import panel_body, tabs_for
from shian.kernel.ui.pieces import Crumb, Fact, Filter, FilterBar, Option, Section, TimelineEntry, picked_area
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, area_url, in_reach
from shian.registers.people.actions import HasAccount, NoPost, open_account
from shian.registers.people.forms import AccountForm
from shian.registers.people.models import ORGANISATION_KINDS, Organisation, Post
from shian.registers.people.queries import organisations_valid_at, valid_at
from shian.registers.people.tables import ORGANISATIONS, POSTS, organisation_row, organisation_url, post_row


def _as_of(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return timezone.localdate()


@requires(any_user)
def organisation_list(request: HttpRequest) -> HttpResponse:
    as_of = _as_of(request)
    area = in_reach(request.user, picked_area(request.GET.getlist("area")))
    units = _chosen(request, area, as_of)
    query = ListQuery.read(request.GET, ORGANISATIONS, default_sort="code")
    page = keyset_page(units, query)
    posts = _post_counts([unit.pk for unit in page.items], as_of)
    names = area_names(as_of)
    rows = [organisation_row(unit, names, posts.get(unit.pk, 0)) for unit in page.items]
    empty = Empty(_("没有符合条件的单位"), _("请放宽筛选条件；只显示本人辖区内的单位。"))
    shown = ListPage(
        _("机构与人员"),
        Table(ORGANISATIONS, rows, query=query, page=page, empty=empty),
        unit=_("个"),
        filters=_filters(request, area, as_of),
    )
    return render(request, "ui/page_list.html", {"list": shown})


def _chosen(request: HttpRequest, area: str, as_of: date) -> ScopedQuerySet[Organisation]:
    units = organisations_valid_at(as_of).visible_to(request.user)
    if area:
        units = units.filter(**{level_of_key(area).value: area})
    if kind := request.GET.get("kind"):
        units = units.filter(kind=kind)
    if request.GET.get("campaign"):
        units = units.filter(is_campaign_department=True)
    if text := request.GET.get("q", "").strip():
        units = units.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code=text))
    return units


def _filters(request: HttpRequest, area: str, as_of: date) -> FilterBar:
    params = request.GET
    kinds = [Option(kind, kind) for kind in ORGANISATION_KINDS]
    return FilterBar(
        [
            Filter("q", _("搜索"), "search", value=params.get("q", ""), placeholder=_("单位名称或编码")),
            Filter("kind", _("单位类别"), options=kinds, value=params.get("kind", "")),
            Filter("campaign", _("创建部门"), options=[Option("1", _("是"))], value=params.get("campaign", "")),
            Filter("as_of", _("数据时点"), "date", value=as_of.isoformat()),
        ],
        area=area_picker(request.user, area, as_of),
    )


def _post_counts(units: list[int], as_of: date) -> dict[int, int]:
    rows = Post.objects.filter(valid_at(as_of), organisation__in=units).order_by()
    return dict(rows.values_list("organisation").annotate(n=Count("pk")))


@requires(any_user)
def organisation_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A unit: facts, holders of its posts today and before, its parts, its life."""
    unit = Organisation.objects.select_related("parent").get_visible(request.user, code=code)
    as_of = _as_of(request)
    names = area_names(as_of)
    is_full = unit.code in reach_of(request.user).organisations
    posts = unit.posts.select_related("person").order_by("valid_to", "-valid_from", "pk")
    rows = [post_row(post, names, is_full=is_full) for post in posts]
    record = RecordPage(
        unit.name,
        code=unit.code,
        state="neutral" if unit.valid_to and unit.valid_to <= as_of else "done",
        state_label=_("已撤销") if unit.valid_to and unit.valid_to <= as_of else _("在用"),
        badges=[unit.kind, *([_("创建部门")] if unit.is_campaign_department else [])],
        crumbs=[Crumb(_("机构与人员"), reverse("people:organisation_list"))],
        sections=[_facts(unit, names)],
        timeline=_timeline(unit),
        tabs=tabs_for("organisation", unit, request),
        body=panel_body("organisation", unit, request),
    )
    table = Table(POSTS, rows, empty=Empty(_("没有岗位"), _("请导入人员岗位。")))
    return render(request, "people/organisation_detail.html", {"record": record, "posts": table})


def _facts(unit: Organisation, names: dict[str, str]) -> Section:
    parent = unit.parent
    facts: list[Any] = [
        Fact(_("单位编码"), unit.code, kind="code", is_copied=True),
        Fact(_("简称"), unit.short_name),
        Fact(_("单位类别"), unit.kind),
        Fact(_("部门代码"), unit.department_code, kind="code"),
        Fact(_("所在区划"), names.get(unit.area, unit.area_code), url=area_url(unit.area)),
        Fact(_("上级单位"), parent.name if parent else None, url=organisation_url(parent.code) if parent else ""),
        Fact(_("成立日期"), unit.valid_from, kind="date"),
        Fact(_("撤销日期"), unit.valid_to, kind="date"),
    ]
    return Section(_("基本情况"), facts)


def _timeline(unit: Organisation) -> list[TimelineEntry]:
    entries = [TimelineEntry(pgettext("organisation", "撤销"), unit.valid_to, icon="archive")] if unit.valid_to else []
    return [*entries, TimelineEntry(_("成立"), unit.valid_from, icon="flag")]


@requires(ACCOUNT_MANAGE)
@confirms
def account_open(request: HttpRequest) -> HttpResponse:
    """An account for a person on file: name, role and reach come from the person's posts."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        begins, ends = form.moments()
        try:
            user, code = open_account(
                person=form.person,
                by=request.user.get_username(),
                at=timezone.now(),
                valid_from=begins,
                valid_to=ends,
            )
        except (HasAccount, NoPost) as refusal:
            form.add_error("person_no", str(refusal))
        except EndMissing as refusal:
            form.add_error("valid_to", str(refusal))
        except (UsernameTaken, UsernameUnusable):
            form.add_error("person_no", _("这个编号不能用作用户名，或已被占用。"))
        else:
            return show_code(request, user, code)
    page = FormPage(
        _("开通账号"),
        form,
        _("开通"),
        intro=_("为人员档案中的在任人员开通账号：角色和辖区来自任职。得到一次性激活码，当面或书面交给本人。"),
        cancel_url=reverse("accounts:user_list"),
        crumbs=[Crumb(_("账号管理"), reverse("accounts:user_list"))],
        draft="people-account",
    )
    return render(request, "ui/page_form.html", {"page": page})
