"""Lists of cases: what waits for me, what my unit owes, what it asked of others, everything in reach; and exports."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.cases.declarations import CaseType, case_type, case_types
from shian.engine.cases.models import Case
from shian.engine.cases.permissions import CASE_READ
from shian.engine.cases.queries import CaseChoice, CloseOut, chosen_cases, close_out, my_work, types_for
from shian.engine.cases.tables import CASES, case_row, columns_for
from shian.engine.ledgers.exports import FORMATS, make_export
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.ui.formats import number_text
from shian.kernel.ui.keyset import Page, keyset_page, page_of_first
from shian.kernel.ui.pages import ListPage
from shian.kernel.ui.pieces import Action, Crumb, Filter, FilterBar, Option, Tab, picked_area
from shian.kernel.ui.tables import Empty, ListQuery, Table
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_picker, in_reach

WHOSE = (
    ("mine", gettext_lazy("待我办理")),
    ("unit", gettext_lazy("本单位承办")),
    ("issued", gettext_lazy("本单位交办")),
    ("all", gettext_lazy("全部")),
)
STANDINGS = (("open", gettext_lazy("未办结")), ("overdue", gettext_lazy("逾期")), ("closed", gettext_lazy("已办结")))
SIZE = 50


@requires(CASE_READ)
def case_list(request: HttpRequest) -> HttpResponse:
    """Every type at once; it opens with what waits for the reader."""
    return _page(request, None)


@requires(CASE_READ)
def type_list(request: HttpRequest, key: str) -> HttpResponse:
    """The cases of one type."""
    return _page(request, type_or_404(key, request.user))


def type_or_404(key: str, user: Any) -> CaseType:
    """The declared type that the user may see. Raises Http404."""
    try:
        declared = case_type(key)
    except LookupError:
        raise Http404(key) from None
    if not declared.view(user).allowed:
        raise Http404(key)
    return declared


def read_choice(params: QueryDict, user: Any, declared: CaseType | None) -> CaseChoice:
    """The filters of the address; what is not understood is left out. Raises OutOfReach for an area beyond reach."""
    kinds = {each.key for each in case_types()}
    asked = params.get("type", "")
    area = picked_area(params.getlist("area"))
    return CaseChoice(
        whose=_one_of(params.get("whose", ""), [key for key, _label in WHOSE], "all" if declared else "mine"),
        type=declared.key if declared else asked if kinds.issuperset(asked.split(",")) else "",
        state=_one_of(params.get("state", ""), declared.by_state if declared else (), ""),
        standing=_one_of(params.get("standing", ""), [key for key, _label in STANDINGS], ""),
        area=in_reach(user, area) if area else "",
        unit=params.get("unit", ""),
        source=params.get("source", ""),
        text=params.get("q", "").strip()[:60],
        opened_from=_day(params.get("from", "")),
        opened_to=_day(params.get("to", "")),
    )


def _one_of(given: str, known: Collection[str], usual: str) -> str:
    return given if given in known else usual


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(request: HttpRequest, declared: CaseType | None) -> HttpResponse:
    today, user = timezone.localdate(), request.user
    choice = read_choice(request.GET, user, declared)
    columns = columns_for(declared)
    query = ListQuery.read(request.GET, columns, default_sort="due")
    out = None if choice.whose == "mine" else close_out(chosen_cases(choice, user, today), today)
    found = _found(choice, query, request, today, out.total + out.merged if out else None)
    areas = area_names(today)
    page = ListPage(
        declared.title if declared else _("待办事项"),
        Table(
            columns, [case_row(each, today, areas) for each in found.items], query=query, page=found,
            empty=_empty(choice), has_ticks=declared is not None,
        ),
        unit=_("件"),
        summary=_summary(declared, out),
        crumbs=[Crumb(_("待办事项"), reverse("cases:case_list"))] if declared else [],
        tabs=_tabs(choice, declared),
        filters=_filters(choice, declared, request),
        actions=_actions(declared, user),
        bulk_actions=_bulk(declared, choice),
        export_url=reverse("cases:case_export") + (f"?type={declared.key}" if declared else ""),
        export_formats=FORMATS,
    )  # fmt: skip
    return render(request, "ui/page_list.html", {"list": page})


def _found(choice: CaseChoice, query: ListQuery, request: HttpRequest, today: date, total: int | None) -> Page[Case]:
    """The page of the list; the first page of a reader's own open work is a single statement."""
    plain = CaseChoice(whose="mine")
    is_first = not (query.after or query.before or query.is_last) and query.sort == "due"
    if choice == plain and is_first:
        return page_of_first(*my_work(request.user, SIZE), query)
    return keyset_page(chosen_cases(choice, request.user, today), query, size=SIZE, total=total)


def _empty(choice: CaseChoice) -> Empty:
    if choice.whose == "mine":
        return Empty(_("没有待您办理的事项"), _("轮到您或本单位办理的事项会出现在这里。"))
    return Empty(_("没有符合条件的事项"), _("请放宽筛选条件。"))


def _summary(declared: CaseType | None, out: CloseOut | None) -> str:
    lead = str(declared.description) if declared else _("轮到您办理的事项，先到期的在前。")
    if out is None or not out.total:
        return lead
    told = {
        "total": number_text(out.total), "closed": number_text(out.closed), "open": number_text(out.open),
        "overdue": number_text(out.overdue), "rate": str(percent(out.closed, out.total)),
    }  # fmt: skip
    counted = _(
        "共 %(total)s 件，已办结 %(closed)s 件，办结率 %(rate)s%%；未办结 %(open)s 件，其中逾期 %(overdue)s 件。"
    )
    merged = _("另有 %(merged)s 件已并案。") % {"merged": number_text(out.merged)} if out.merged else ""
    return f"{lead} {counted % told}{merged}".strip()


def percent(part: int, whole: int) -> Decimal:
    """A rate in percent to one decimal; never 100.0 while something is missing."""
    share = (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return min(share, Decimal("99.9")) if part < whole else share


def _tabs(choice: CaseChoice, declared: CaseType | None) -> list[Tab]:
    base = _base(declared)
    return [Tab(label, f"{base}?{urlencode({'whose': key})}", is_active=choice.whose == key) for key, label in WHOSE]


def _base(declared: CaseType | None) -> str:
    return reverse("cases:type_list", args=[declared.key]) if declared else reverse("cases:case_list")


def _filters(choice: CaseChoice, declared: CaseType | None, request: HttpRequest) -> FilterBar:
    whose = Filter("whose", "", kind="hidden", value=choice.whose)
    standing = Filter("standing", _("办理"), options=_options(STANDINGS), value=choice.standing)
    found = [whose, Filter("q", _("事项或编号"), kind="search", value=choice.text), standing]
    if declared is None:
        kinds = [(each.key, str(each.title)) for each in types_for(request.user)]
        if "," in choice.type:  # from a number that counts several types
            chosen = choice.type.split(",")
            kinds.insert(0, (choice.type, "、".join(title for key, title in kinds if key in chosen)))
        found.append(Filter("type", _("类别"), options=_options(kinds), value=choice.type))
    else:
        states = [(each.key, each.title) for each in declared.states]
        found.append(Filter("state", _("状态"), options=_options(states), value=choice.state))
        if declared.sources:
            found.append(Filter("source", _("来源"), options=_options(declared.sources), value=choice.source))
    area = area_picker(request.user, choice.area, timezone.localdate())
    return FilterBar(found, area, clear_url=f"{_base(declared)}?{urlencode({'whose': choice.whose})}")


def _options(pairs: Iterable[tuple[str, Any]]) -> list[Option]:
    return [Option(key, label) for key, label in pairs]


def _actions(declared: CaseType | None, user: Any) -> list[Action]:
    if declared is None:
        kinds = Action(_("新建事项"), reverse("cases:kind_list"), icon="plus")
        return [*([kinds] if any(each.create(user).allowed for each in types_for(user)) else []),
                Action(_("日历订阅"), reverse("cases:feed_detail"), icon="calendar")]  # fmt: skip
    if not declared.create(user).allowed:
        return []
    label = _("新建%(type)s") % {"type": declared.title}
    return [Action(label, reverse("cases:case_create", args=[declared.key]), icon="plus", kind="primary")]


def _bulk(declared: CaseType | None, choice: CaseChoice) -> list[Action]:
    """Steps that may be taken in many cases at once: those of the chosen state, or all."""
    if declared is None:
        return []
    steps = [
        each for each in declared.transitions if each.is_bulk and (not choice.state or choice.state in each.sources)
    ]
    url = reverse("cases:cases_move", args=[declared.key])
    return [Action(each.title, url, icon=each.icon, kind=each.kind, name="step", value=each.key) for each in steps]


@requires(CASE_READ)
def case_export(request: HttpRequest) -> HttpResponseBase:
    """The filtered cases as a file that states its filter; sealed and listed like every export."""
    asked, today, now = request.GET.get("type", ""), timezone.localdate(), timezone.now()
    declared = type_or_404(asked, request.user) if asked and "," not in asked else None
    file_format = request.GET.get("format", FORMATS[0])
    if file_format not in FORMATS:
        raise Http404(file_format)
    choice, areas = read_choice(request.GET, request.user, declared), area_names(today)
    rows = chosen_cases(choice, request.user, today).order_by("type", "pk").iterator(chunk_size=2000)
    name = str(declared.title) if declared else _("待办事项")
    door = Door.of_page(request)
    made = make_export(
        name=name, format=file_format, columns=CASES, rows=(case_row(each, today, areas) for each in rows),
        facts=_facts(choice), by=request.user.get_username(), at=now, door=door,
    )  # fmt: skip
    return made.leave(door, subject=f"cases.list:{choice.type or 'all'}", at=now)


def _facts(choice: CaseChoice) -> dict[str, str]:
    words = {
        _("范围"): dict(WHOSE)[choice.whose], _("办理"): dict(STANDINGS).get(choice.standing, ""),
        _("状态"): choice.state, _("区划"): choice.area, _("查找"): choice.text,
    }  # fmt: skip
    return {label: str(value) for label, value in words.items() if value}
