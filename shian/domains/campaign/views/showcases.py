"""Leaders' acts, demonstration projects, benchmarks and sheets of formats, training of a unit, lessons."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from shian.domains.campaign.permissions import CASE_VIEW, ORGANISATION_VIEW, TASK_ASSIGN
from shian.domains.campaign.queries.showcases import (
    ACTS as ACTS_LEDGER,
)
from shian.domains.campaign.queries.showcases import (
    LESSONS as LESSONS_LEDGER,
)
from shian.domains.campaign.queries.showcases import (
    SHEETS,
    Project,
    acts_of,
    effects_of,
    format_lines,
    lessons_for,
    projects_for,
    trainees_of,
)
from shian.domains.campaign.tables.showcases import (
    ACTS,
    EFFECTS,
    FORMATS,
    LESSONS,
    PAPERS,
    PROJECTS,
    TRAINEES,
    act_row,
    effect_row,
    format_row,
    lesson_row,
    paper_row,
    project_row,
    row_url,
    trainee_row,
)
from shian.domains.campaign.views.sights import crumbs
from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import valid_at, years_of
from shian.kernel.accounts.permissions import open_to_all, requires
from shian.kernel.scope.rules import KEY_WIDTH, Level
from shian.kernel.ui.formats import number_text
from shian.kernel.ui.pages import ListPage, RecordPage
from shian.kernel.ui.pieces import (
    Action,
    Callout,
    Crumb,
    Fact,
    Filter,
    FilterBar,
    Option,
    Section,
    Stat,
    picked_area,
    picked_year,
)
from shian.kernel.ui.states import DONE, DUE, OVERDUE
from shian.kernel.ui.tables import Empty, Table
from shian.registers.areas.queries import area_names, home_key
from shian.registers.areas.tables import area_picker, in_reach
from shian.registers.people.queries import organisation_names


def _overview(request: HttpRequest, page: ListPage, stats: list[Stat], notes: list[Callout]) -> HttpResponse:
    context = {"list": page, "stats": stats, "notes": notes, "tables": ()}
    return render(request, "campaign/overview.html", context)


def _area(request: HttpRequest) -> str:
    chosen = in_reach(request.user, picked_area(request.GET.getlist("area")))
    return chosen or home_key(request.user, timezone.localdate())


@requires(CASE_VIEW)
def act_list(request: HttpRequest) -> HttpResponse:
    """What a leader did in a year: each act with its document and whether the follow-up is closed."""
    declared, user, today = ledger(ACTS_LEDGER), request.user, timezone.localdate()
    position, year, area = request.GET.get("position", ""), request.GET.get("year", ""), _area(request)
    acts = acts_of(user, area=area, position=position, year=picked_year(year))
    open_ones = sum(not each.is_closed for each in acts)
    may_assign = TASK_ASSIGN(user).allowed
    positions = [Option(each, each) for each in next(f for f in declared.fields if f.name == "position").enum]
    page = ListPage(
        _("党政同责履职台账"),
        Table(ACTS, [act_row(each, may_assign=may_assign) for each in acts],
              empty=Empty(_("没有符合条件的履职记录"), _("请换一个职务、年度或区划。"))),
        unit=pgettext("list", "次"), crumbs=crumbs(),
        summary=_("领导研究、批示和调研各一行：材料在台账中，交办事项办结与否看任务。"),
        filters=FilterBar([
            Filter("position", _("领导职务"), options=positions, value=position),
            Filter("year", _("年度"), options=[Option(str(each), str(each)) for each in years_of(declared, user)],
                   value=year),
        ], area_picker(user, area, today)),
        actions=[Action(_("打开台账"), reverse("ledgers:row_list", args=[ACTS_LEDGER]), icon="notebook"),
                 Action(_("打印"), "#print", icon="printer")],
    )  # fmt: skip
    stats = [
        Stat(_("履职"), len(acts), unit=pgettext("list", "次")),
        Stat(
            _("已办结"), len(acts) - open_ones, unit=pgettext("list", "次"), part=len(acts) - open_ones, whole=len(acts)
        ),
        Stat(
            _("未办结"), open_ones, unit=pgettext("list", "次"), state=DUE if open_ones else "", state_label=_("办理中")
        ),
    ]
    return _overview(request, page, stats, [])


@requires(CASE_VIEW)
def project_list(request: HttpRequest) -> HttpResponse:
    """The demonstration projects; their weights must make up what the category is worth."""
    projects = projects_for(request.user, timezone.localdate())
    names = organisation_names({each.row.organisation_code for each in projects})
    rows = [project_row(each, names.get(each.row.organisation_code, "")) for each in projects]
    page = ListPage(
        _("示范引领项目"), Table(PROJECTS, rows, empty=Empty(_("还没有示范项目"), _("在台账中登记立项。"))),
        unit=_("个"), crumbs=crumbs(), summary=_("每个项目的分值、材料齐备情况和当前得分；分值之和应等于类别总分。"),
        actions=[Action(_("打印"), "#print", icon="printer")],
    )  # fmt: skip
    total = sum((each.score or Decimal(0) for each in projects), Decimal(0))
    stats = [
        Stat(_("分值合计"), _sum(projects), unit=_("分")),
        Stat(_("当前得分"), total, unit=_("分"), note=_("未评分的项目不计")),
        Stat(_("材料齐备的项目"), sum(each.accepted == len(each.evidence) > 0 for each in projects), unit=_("个")),
    ]
    return _overview(request, page, stats, _sums(projects))


def _sum(projects: list[Project]) -> Decimal:
    return sum((Decimal(str(each.row.data["weight"])) for each in projects), Decimal(0))


def _sums(projects: list[Project]) -> list[Callout]:
    """One line for each area and category: whether the weights add up."""
    notes = []
    names = area_names(timezone.localdate())
    for area, category in sorted({(each.row.area, str(each.row.data["category"])) for each in projects}):
        own = [each for each in projects if (each.row.area, each.row.data["category"]) == (area, category)]
        wanted, found = {Decimal(str(each.row.data["category_weight"])) for each in own}, _sum(own)
        told = {"area": names.get(area, ""), "category": category, "sum": number_text(found),
                "wanted": "、".join(number_text(each) for each in sorted(wanted))}  # fmt: skip
        if wanted == {found}:
            notes.append(Callout(_("%(area)s%(category)s：项目分值合计 %(sum)s，等于类别总分。") % told, state=DONE))
        else:
            text = _("%(area)s%(category)s：项目分值合计 %(sum)s，类别总分 %(wanted)s，不相等。") % told
            notes.append(Callout(text, state=OVERDUE))
    return notes


@requires(CASE_VIEW)
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: weight, score, lead, highlight, and the documents that it has or lacks."""
    found = next((each for each in projects_for(request.user, timezone.localdate()) if each.row.pk == pk), None)
    if found is None:
        LedgerRow.objects.get_visible(request.user, pk=pk)
        raise Http404(pk)
    told, lead = found.row.data, organisation_names({found.row.organisation_code})
    rate = _("%(have)s / %(all)s 份") % {"have": found.accepted, "all": len(found.evidence)}
    note = _("按最近一次评价的得分率折算") if found.is_evaluated else _("评审得分") if found.score is not None else ""
    page = RecordPage(
        told["theme"], code=told["project_no"], kind=_("示范项目"), badges=[told["category"], told["milestone"]],
        crumbs=crumbs(Crumb(_("示范引领项目"), reverse("campaign:project_list"))),
        actions=[Action(_("打开台账记录"), row_url(found.row), icon="notebook")],
        sections=[Section(_("项目情况"), [
            Fact(_("分值"), told["weight"], kind="number", unit=_("分")),
            Fact(_("材料齐备"), rate),
            Fact(_("当前得分"), found.score if found.score is not None else _("未评分"),
                 kind="number" if found.score is not None else "text", note=note),
            Fact(_("评价内容"), told.get("item_code"), kind="code",
                 url=reverse("campaign:item_detail", args=[told["item_code"]]) if told.get("item_code") else ""),
            Fact(_("牵头单位"), lead.get(found.row.organisation_code)),
            Fact(_("立项日期"), found.row.valid_from, kind="date"),
            Fact(_("亮点"), told.get("highlight")),
        ])],
    )  # fmt: skip
    table = Table(PAPERS, [paper_row(each) for each in found.evidence], empty=Empty(_("没有应备材料"), ""), id="papers")
    context = {"record": page, "title": _("佐证材料"), "table": table}
    return render(request, "campaign/record_table.html", context)


@requires(CASE_VIEW)
def benchmark_list(request: HttpRequest) -> HttpResponse:
    """For each format that is checked: the benchmarks of the county or "none yet", and the sheet to print."""
    today, user = timezone.localdate(), request.user
    area = _area(request)[: KEY_WIDTH[Level.COUNTY]]
    lines = format_lines(user, area, today) if area else []
    have = sum(bool(each.sites) for each in lines)
    sheets = sum(each.sheet is not None for each in lines)
    page = ListPage(
        _("标杆样板和明白纸"),
        Table(FORMATS, [format_row(each) for each in lines], empty=Empty(_("还没有迎检业态目录"), "")),
        unit=_("类业态"), crumbs=crumbs(),
        summary=_("每类业态每个县建 1 至 2 个标杆；明白纸可直接打印给经营者。"),
        filters=FilterBar((), area_picker(user, area, today)),
        actions=[Action(_("打印"), "#print", icon="printer")],
    )  # fmt: skip
    stats = [
        Stat(_("已有标杆"), have, unit=_("类"), part=have, whole=len(lines)),
        Stat(
            _("暂无标杆"),
            len(lines) - have,
            unit=_("类"),
            state=DUE if have < len(lines) else DONE,
            state_label=_("待建设") if have < len(lines) else _("齐全"),
        ),
        Stat(_("有明白纸"), sheets, unit=_("类"), part=sheets, whole=len(lines)),
    ]
    return _overview(request, page, stats, [])


@open_to_all
@require_safe
def sheet_print(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet on one page, for anybody: what it says is public."""
    rows = LedgerRow.objects.filter(valid_at(timezone.localdate()), ledger=SHEETS, pk=pk)
    found = rows.first()
    if found is None:
        raise Http404(pk)
    points = [each.strip() for each in str(found.data["points"]).split("；") if each.strip()]
    actions = [Action(_("打印"), "#print", icon="printer", kind="primary")]
    told = {"sheet": found.data, "points": points, "day": found.valid_from, "actions": actions}
    return render(request, "campaign/sheet.html", told)


def training_count(request: HttpRequest, unit: Any) -> int:
    """How many have still to be trained."""
    return sum(not each.is_trained for each in trainees_of(unit, timezone.localdate()))


def training_panel(request: HttpRequest, unit: Any) -> SafeString:
    """Who of the unit has not yet been trained on the sheet by which it is scored, those first."""
    found = trainees_of(unit, timezone.localdate())
    empty = Empty(_("没有适用于本单位的打分表"), _("培训要求在台账中登记。"))
    table = Table(TRAINEES, [trainee_row(each) for each in found], empty=empty, id="training")
    return render_to_string("ui/components/table.html", {"table": table})


@requires(ORGANISATION_VIEW)
def lesson_list(request: HttpRequest) -> HttpResponse:
    """The lessons of the campaign."""
    lessons = lessons_for(request.user)
    page = ListPage(
        _("经验总结"), Table(LESSONS, [lesson_row(each) for each in lessons], empty=Empty(
            _("还没有经验案例"), _("在台账中登记。"))),
        unit=_("个案例"), crumbs=crumbs(), summary=_("成效取自登记簿的统计指标，不手工填写。"),
        actions=[Action(_("打开台账"), reverse("ledgers:row_list", args=[LESSONS_LEDGER]), icon="notebook")],
    )  # fmt: skip
    return _overview(request, page, [], [])


@requires(ORGANISATION_VIEW)
def lesson_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One lesson with its figures before and after, computed from the registers."""
    row = LedgerRow.objects.filter(ledger=LESSONS_LEDGER).get_visible(request.user, pk=pk)
    told, units = row.data, organisation_names({row.organisation_code})
    page = RecordPage(
        told["theme"], code=told["lesson_no"], kind=_("经验案例"), badges=[told["standing"]],
        crumbs=crumbs(Crumb(_("经验总结"), reverse("campaign:lesson_list"))),
        actions=[Action(_("打开台账记录"), row_url(row), icon="notebook")],
        sections=[Section(_("案例"), [
            Fact(_("主要做法"), told["practice"]),
            Fact(_("总结单位"), units.get(row.organisation_code)),
            Fact(_("对比"), f"{told['before_on']} — {told['after_on']}"),
            Fact(_("推广单位"), told.get("replicated_by")),
            Fact(_("形成的制度"), told.get("rule_no"),
                 url=f"{reverse('campaign:paper_list')}?q={told['rule_no']}" if told.get("rule_no") else ""),
        ])],
    )  # fmt: skip
    table = Table(EFFECTS, [effect_row(each, row.area) for each in effects_of(row)], id="effects")
    context = {"record": page, "title": _("前后对比"), "table": table}
    return render(request, "campaign/record_table.html", context)
