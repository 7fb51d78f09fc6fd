"""The campaign on one page: every unit with what is done, open and overdue, down to each item (A-01)."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.permissions import EVALUATION_VIEW
from shian.domains.campaign.queries.progress import AssignedItem, assigned_items, owners_of, progress_of
from shian.domains.campaign.rules.progress import DONE, OPEN, OVERDUE, STANDINGS
from shian.domains.campaign.tables.progress import ITEMS, UNITS, WORDS, item_row, unit_row
from shian.domains.campaign.views.sights import Seen, crumbs, seen
from shian.kernel.accounts.permissions import requires
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Crumb, Filter, FilterBar, Stat, Tab
from shian.kernel.ui.tables import Empty, ListQuery, Row, Table, sorted_rows


@requires(EVALUATION_VIEW)
def progress_list(request: HttpRequest) -> HttpResponse:
    """Units by row; done, open and overdue add up to what each was assigned."""
    found, today = seen(request, is_until=True), timezone.localdate()
    items = assigned_items(request.user, found.sight, today, found.chosen.as_of)
    units = progress_of(items, found.sight, request.user, today)
    seen_at, query = _asked(found), ListQuery.read(request.GET, UNITS, default_sort="")
    page = ListPage(
        _("工作总览"),
        Table(
            UNITS, sorted_rows([unit_row(each, seen_at) for each in units], query), query=query,
            totals=_totals(items) if units else None,
            empty=Empty(_("还没有下发的分解目录"), _("目录下发后，各单位的进展会出现在这里。"),
                        reverse("campaign:catalogue_list"), _("打开分解目录")),
        ),
        unit=_("个单位"),
        summary=_summary(found),
        crumbs=crumbs(),
        filters=_bar(found),
    )  # fmt: skip
    return render(request, "campaign/overview.html", {"list": page, "stats": _stats(items)})


@requires(EVALUATION_VIEW)
def progress_detail(request: HttpRequest, kind: str, audience: str) -> HttpResponse:
    """The items of one unit; each opens its page with evidence, owner and deadline."""
    found, today = seen(request, is_until=True), timezone.localdate()
    every = assigned_items(request.user, found.sight, today, found.chosen.as_of)
    items = [each for each in every if (each.duty.catalogue.kind, each.duty.audience) == (kind, audience)]
    if not items:
        raise Http404(audience)
    asked = request.GET.get("standing", "")
    shown = [each for each in items if each.standing == asked] if asked in STANDINGS else items
    page = ListPage(
        items[0].duty.audience_name,
        Table(ITEMS, _rows(shown, kind, audience, found), empty=Empty(_("没有符合条件的评价内容"))),
        unit=_("项"),
        summary=_summary(found),
        crumbs=crumbs(Crumb(_("工作总览"), f"{reverse('campaign:progress_list')}?{urlencode(_asked(found))}")),
        tabs=_tabs(items, asked, _asked(found)),
    )
    return render(request, "ui/page_list.html", {"list": page})


def _rows(items: list[AssignedItem], kind: str, audience: str, found: Seen) -> list[Row]:
    owner = owners_of(kind, audience, found.sight, timezone.localdate())
    return [item_row(each, _seen_at(found), owner) for each in items]


def _asked(found: Seen) -> dict[str, str]:
    """Area and day of these pages: the day that was asked for, else the evaluation's."""
    return {**_seen_at(found), **({"as_of": str(found.chosen.as_of)} if found.chosen.as_of else {})}


def _seen_at(found: Seen) -> dict[str, str]:
    """Area and day of the evaluation, as the page of an item wants them."""
    day = {"as_of": str(found.as_of)} if found.sight.evaluation else {}
    return {"area": found.area_key, **day}


def _summary(found: Seen) -> str:
    if found.sight.evaluation is None:
        return _("还没有评价结果，全部按未完成计。")
    told = {"area": found.area_name, "day": found.as_of, "on": found.chosen.as_of or found.as_of}
    if told["on"] == told["day"]:
        return _("%(area)s · 截至 %(day)s 的评价；达标或不适用为已完成，过了完成期限仍未达标为逾期。") % told
    return _("%(area)s · 按 %(day)s 的评价、到 %(on)s 为止；达标或不适用为已完成，过了完成期限仍未达标为逾期。") % told


def _bar(found: Seen) -> FilterBar:
    day = Filter("as_of", _("截止日期"), kind="date", value=_asked(found).get("as_of", ""))
    return FilterBar([day], area=found.picker)


def _count(items: list[AssignedItem], standing: str) -> int:
    return sum(each.standing == standing for each in items)


def _totals(items: list[AssignedItem]) -> dict[str, Any]:
    done = _count(items, DONE)
    return {
        "unit": _("合计"), "assigned": len(items), "done": done, "open": _count(items, OPEN),
        "overdue": _count(items, OVERDUE), "rate": (done, len(items)),
    }  # fmt: skip


def _stats(items: list[AssignedItem]) -> list[Stat]:
    """The three parts of what was assigned; none before anything was."""
    if not items:
        return []
    return [
        Stat(_("分解到单位的评价内容"), len(items), unit=_("项"),
             note=_("同一评价内容由几个单位承担的，各计一项。")),
        *(
            Stat(WORDS[key][0], _count(items, key), unit=_("项"), part=_count(items, key), whole=len(items),
                 state=WORDS[key][1] if key == OVERDUE and _count(items, key) else "")
            for key in (DONE, OPEN, OVERDUE)
        ),
    ]  # fmt: skip


def _tabs(items: list[AssignedItem], asked: str, seen_at: dict[str, str]) -> list[Tab]:
    every = Tab(_("全部"), f"?{urlencode(seen_at)}", count=len(items), is_active=asked not in STANDINGS)
    return [every] + [
        Tab(WORDS[key][0], f"?{urlencode({**seen_at, 'standing': key})}", count=_count(items, key),
            is_active=asked == key, state=WORDS[key][1] if key == OVERDUE and _count(items, key) else "")
        for key in STANDINGS
    ]  # fmt: skip
