"""The campaign's organisation: the tree with its heads, liaison officers, bodies of the townships on a map."""

from collections import Counter
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.domains.campaign.actions.liaisons import notify_liaisons
from shian.domains.campaign.forms.papers import LiaisonNoticeForm
from shian.domains.campaign.permissions import LIAISON_NOTIFY, ORGANISATION_VIEW
from shian.domains.campaign.queries.liaisons import called, campaign_area, liaison_units, liaisons
from shian.domains.campaign.queries.organisation import TownBody, campaign_tree, town_bodies
from shian.domains.campaign.tables.organisation import BODIES, LEVELS, TREE, body_row, node_row
from shian.domains.campaign.tables.papers import LIAISONS, liaison_row, named
from shian.domains.campaign.views.sights import crumbs
from shian.kernel.accounts.permissions import requires
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.kernel.ui.charts import Map, MapArea
from shian.kernel.ui.pages import FormPage, ListPage
from shian.kernel.ui.pieces import Action, Callout, Crumb, FilterBar, Stat, Tab, picked_area
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names, home_key
from shian.registers.areas.tables import area_picker, in_reach

PRINT = "#print"


def _pages(name: str) -> list[Tab]:
    """The three faces of the organisation, as tabs."""
    told = (("unit_list", _("组织架构")), ("liaison_list", _("联络员")), ("body_list", _("乡镇协调机构")))
    return [Tab(label, reverse(f"campaign:{each}"), is_active=each == name) for each, label in told]


@requires(ORGANISATION_VIEW)
def unit_list(request: HttpRequest) -> HttpResponse:
    """The tree from city to township; ?missing=1 lists the bodies without a head."""
    today, user = timezone.localdate(), request.user
    area, only_missing = campaign_area(user, today), request.GET.get("missing") == "1"
    nodes = campaign_tree(area, user, today) if area else []
    missing = [each for each in nodes if each.head is None]
    shown = missing if only_missing else nodes
    nothing = _("每个机构都有负责人") if only_missing else _("还没有创建机构")
    rows = [node_row(each, is_indented=not only_missing) for each in shown]
    table = Table(TREE, rows, empty=Empty(nothing, _("机构和任职在“数据导入”登记。")))
    page = ListPage(
        _("组织架构"), table, unit=_("个机构"), crumbs=crumbs(), tabs=_pages("unit_list"),
        summary=_("指挥部、办公室和工作组，市、县、乡三级；每个机构一名负责人。"),
        actions=[Action(_("打印"), PRINT, icon="printer")],
    )  # fmt: skip
    levels = Counter(each.level for each in nodes)
    stats = [
        *(Stat(label, levels[level], unit=_("个")) for level, label in LEVELS.items()),
        Stat(_("没有负责人"), len(missing), unit=_("个"), state=OVERDUE if missing else DONE,
             state_label=_("待补齐") if missing else _("齐全"),
             url="?" if only_missing else "?missing=1",
             note=_("返回全部") if only_missing else named([str(each.unit) for each in missing])),
    ]  # fmt: skip
    context = {"list": page, "stats": stats, "notes": (), "tables": ()}
    return render(request, "campaign/overview.html", context)


@requires(ORGANISATION_VIEW)
def liaison_list(request: HttpRequest) -> HttpResponse:
    """One row for each unit of the campaign, those without a valid officer first."""
    today, user = timezone.localdate(), request.user
    area = campaign_area(user, today)
    reach = reach_of(user)
    units = [each for each in liaison_units(area, today) if reach.covers(each.area)] if area else []
    found = sorted(liaisons(units, today), key=lambda each: (each.officer is not None, not each.ends_soon(today)))
    names = area_names(today)
    without = [called(each.unit, names) for each in found if each.officer is None]
    ending = sum(each.ends_soon(today) for each in found)
    unreachable = sum(not each.is_reachable for each in found)
    actions = [Action(_("打印"), PRINT, icon="printer")]
    if LIAISON_NOTIFY(user).allowed and area and reach.covers(area):
        url = reverse("campaign:liaison_notify")
        actions.insert(0, Action(_("通知全体联络员"), url, icon="speakerphone", kind="primary"))
    page = ListPage(
        _("联络员"), Table(LIAISONS, [liaison_row(each, today) for each in found],
                        empty=Empty(_("您的辖区内没有创建单位"))),
        unit=_("家单位"), crumbs=crumbs(), tabs=_pages("liaison_list"), actions=actions,
        summary=_("每家创建单位一名联络员，可另设副联络员；变动时导入新的任职。"),
    )  # fmt: skip
    stats = [
        Stat(
            _("有联络员"),
            len(found) - len(without),
            unit=pgettext("organisation", "家"),
            part=len(found) - len(without),
            whole=len(found),
        ),
        Stat(
            _("无有效联络员"),
            len(without),
            unit=pgettext("organisation", "家"),
            state=OVERDUE if without else DONE,
            state_label=_("待补齐") if without else _("齐全"),
        ),
        Stat(_("30 日内到期"), ending, unit=pgettext("organisation", "家"), state=DUE if ending else ""),
        Stat(_("没有系统账号"), unreachable, unit=pgettext("organisation", "家"), note=_("收不到站内通知")),
    ]
    notes = [Callout(_("没有有效联络员：%(units)s") % {"units": "、".join(without)}, state=OVERDUE)] if without else []
    return render(request, "campaign/overview.html", {"list": page, "stats": stats, "notes": notes, "tables": ()})


@requires(LIAISON_NOTIFY)
def liaison_notify(request: HttpRequest) -> HttpResponseBase:
    """One notice to every officer of the campaign."""
    area = campaign_area(request.user, timezone.localdate())
    form = LiaisonNoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = notify_liaisons(area_key=area, by=request.user, at=timezone.now(), **form.cleaned_data)
        said = {"officers": told.officers, "units": told.units, "unreached": told.unreached}
        text = _("已通知 %(units)s 家单位的联络员 %(officers)s 人；%(unreached)s 家没有能收到通知的联络员。")
        messages.success(request, text % said)
        return redirect("campaign:liaison_list")
    listed = reverse("campaign:liaison_list")
    page = FormPage(
        _("通知全体联络员"), form, _("发送"), cancel_url=listed, crumbs=crumbs(Crumb(_("联络员"), listed)),
        consequence=_("发给每家创建单位的联络员和副联络员，按各人设置同时发邮件。"), draft="liaison-notice",
    )  # fmt: skip
    return render(request, "ui/page_form.html", {"page": page})


@requires(ORGANISATION_VIEW)
def body_list(request: HttpRequest) -> HttpResponse:
    """The townships on a map, with their bodies; those without one first."""
    today, user = timezone.localdate(), request.user
    chosen = in_reach(user, picked_area(request.GET.getlist("area")))
    area = (chosen or home_key(user, today))[: KEY_WIDTH[Level.TOWNSHIP]]
    names = area_names(today)
    found = town_bodies(area, user, today) if area else []
    found.sort(key=lambda each: (each.body is not None, each.met_on is not None, each.area.key))
    without = [each.area.name for each in found if each.body is None]
    page = ListPage(
        _("乡镇协调机构"), Table(BODIES, [body_row(each, names, today) for each in found], empty=Empty(
            _("这个区划下没有乡镇（街道）"), _("请选择上一级区划。"))),
        unit=_("个乡镇（街道）"), crumbs=crumbs(), tabs=_pages("body_list"),
        summary=_("每个乡镇（街道）都要有食品药品安全议事协调机构，每年至少召开一次全体会议。"),
        filters=FilterBar((), area_picker(user, chosen, today)),
    )  # fmt: skip
    met = sum(each.met_on is not None for each in found)
    stats = [
        Stat(_("已成立"), len(found) - len(without), unit=_("个"), part=len(found) - len(without), whole=len(found)),
        Stat(
            _("没有机构"),
            len(without),
            unit=_("个"),
            state=OVERDUE if without else DONE,
            state_label=_("待补齐") if without else _("齐全"),
            note=named(without),
        ),
        Stat(_("开过全体会议"), met, unit=_("个"), part=met, whole=len(found)),
    ]
    context = {"list": page, "stats": stats, "map": _map(area, found, names)}
    return render(request, "campaign/body_list.html", context)


def _map(area: str, found: list[TownBody], names: dict[str, str]) -> Map | None:
    """Counties by how many of their townships have a body; inside a county its townships."""
    is_city = len(area) < KEY_WIDTH[Level.COUNTY]
    width = KEY_WIDTH[Level.COUNTY] if is_city else KEY_WIDTH[Level.TOWNSHIP]
    keys = sorted({each.area.key[:width] for each in found})
    if len(area) >= KEY_WIDTH[Level.TOWNSHIP] or not keys:
        return None
    have = Counter(each.area.key[:width] for each in found if each.body)
    lack = Counter(each.area.key[:width] for each in found if not each.body)
    areas = [
        MapArea(
            key, names.get(key, key), have[key], state=OVERDUE if lack[key] else DONE,
            url=f"?{urlencode({'area': key})}" if is_city else "",
        )
        for key in keys
    ]  # fmt: skip
    today = timezone.localdate().isoformat()
    outlines = f"{reverse('areas:area_outlines')}?{urlencode({'parent': area, 'as_of': today})}"
    note = _("绿色：每个乡镇都有机构；红色：有乡镇没有机构。") + (
        "" if is_city else _("乡镇界线为示意，不是法定界线。")
    )
    return Map("bodies", _("乡镇协调机构"), outlines, areas, unit=_("个"), note=note)
