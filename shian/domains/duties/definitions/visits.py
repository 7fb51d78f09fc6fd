"""Figures over visits, over closed quarters and over the problems that officials reported."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.models import DutyVisit, Match, QuarterFigure
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, Part, Source, SourceField
from shian.kernel.scope.rules import LEVELS, Level
from shian.kernel.ui.tables import Column, Row

REGISTER, PROBLEM_REGISTER = "R17", "R10"
BASIS = "食安委发〔2022〕7号"
SHOWN = LEVELS[:4]
QUARTERS = (
    Column("quarter", _("季度"), is_fixed=True),
    Column("area", _("区划"), kind="code"),
    Column("completion", _("督导完成率"), kind="rate"),
    Column("faults", _("发现问题"), kind="number"),
)
VISITS = (
    Column("operator", _("督导对象"), is_fixed=True, is_wide=True),
    Column("number", _("督导编号"), kind="code"),
    Column("tier", _("包保层级")),
    Column("official", _("包保干部")),
    Column("visited_on", _("督导日期"), kind="date"),
    Column("way", _("督导方式")),
    Column("faults", _("问题数"), kind="number"),
)
BUSINESSES = (
    Column("operator", _("主体"), is_fixed=True, is_wide=True),
    Column("tier", _("包保层级")),
    Column("official", _("包保干部")),
    Column("since", _("包保起始"), kind="date"),
)
# Whoever is truly visited in the quarter of the day, until the day. Not correlated, so that it is asked once.
SEEN = (
    "(t.operator_id IN (SELECT v.operator_id FROM duties_dutyvisit v "
    "WHERE v.visited_on BETWEEN date_trunc('quarter', {as_of})::date AND {as_of} AND NOT v.is_untrue))"
)


def _visit_row(visit: Any) -> Row:
    cells = {
        "operator": visit.operator.name, "number": visit.number, "tier": visit.get_tier_display(),
        "official": visit.official.name, "visited_on": visit.visited_on, "way": visit.get_way_display(),
        "faults": visit.faults,
    }  # fmt: skip
    return Row(cells, url=reverse("duties:visit_detail", args=[visit.pk]), key=str(visit.pk))


def _match_row(match: Any) -> Row:
    cells = {
        "operator": match.operator.name, "tier": match.get_tier_display(), "official": match.official.name,
        "since": match.valid_from,
    }  # fmt: skip
    return Row(cells, url=reverse("census:operator_detail", args=[match.operator.code]), key=str(match.pk))


def _quarter_row(found: Any) -> Row:
    cells = {
        "quarter": found.quarter, "area": found.area_key, "completion": (found.visited, found.in_force),
        "faults": found.faults,
    }  # fmt: skip
    return Row(cells, key=str(found.pk))


SOURCES = (
    Source(
        key="duty_visits",
        title=_("包保督导"),
        register=REGISTER,
        model=DutyVisit,
        fields={
            "operator": SourceField(_("主体"), "t.operator_id"),
            "official": SourceField(_("包保干部"), "t.official_id"),
            "tier": SourceField(_("包保层级"), "t.tier"),
            "way": SourceField(_("督导方式"), "t.way"),
            "faults": SourceField(_("问题数"), "t.faults"),
            "is_late": SourceField(_("冻结后补报"), "t.is_late"),
            "is_untrue": SourceField(_("核查不属实"), "t.is_untrue"),
        },
        columns=VISITS,
        row_of=_visit_row,
        valid_from="visited_on",
        occurs_on="visited_on",
        related=("operator", "official"),
    ),
    Source(
        key="duty_rounds",
        title=_("应督导主体"),
        register=REGISTER,
        model=Match,
        fields={
            "is_visited": SourceField(_("本季度已督导"), SEEN),
            "tier": SourceField(_("包保层级"), "t.tier"),
        },
        columns=BUSINESSES,
        row_of=_match_row,
        valid_from="valid_from",
        valid_to="valid_to",
        related=("operator", "official"),
    ),
    Source(
        key="duty_quarters",
        title=_("已冻结季度"),
        register=REGISTER,
        model=QuarterFigure,
        fields={
            "is_complete": SourceField(_("全部督导"), "(t.visited = t.in_force)"),
            "is_county": SourceField(_("县级合计"), "(t.tier = '' AND t.county <> '' AND t.township = '')"),
        },
        columns=QUARTERS,
        row_of=_quarter_row,
        valid_from="ended_on",
        occurs_on="ended_on",
    ),
)


def _part(source: str, aggregate: str = "count", column: str = "", **conditions: Any) -> Part:
    return Part(source, aggregate, column, where=parse_conditions(conditions))


def _measure(key: str, title: Any, unit: Any, title_en: str, part: Part, **more: Any) -> Measure:
    told = {"levels": SHOWN, "period": "range", "register": REGISTER, **more}
    return Measure(key, title, unit, part=part, title_en=title_en, legal_basis=BASIS, **told)


TRUE: dict[str, Any] = {"is_untrue": False}
FOUND: dict[str, Any] = {"is_merged": False, "state": {"ne": "dismissed"}}
RATE: dict[str, Any] = {"scale": Decimal(100), "decimals": 1}
MEASURES = (
    _measure("duty_visits.visits", _("包保督导次数"), _("次"), "Visits of officials", _part("duty_visits", **TRUE),
             note=_("核查不属实的不计。")),
    _measure("duty_visits.untrue", _("核查不属实的督导"), _("次"), "Visits that spot checks found untrue",
             _part("duty_visits", is_untrue=True)),
    _measure("duty_visits.businesses", _("已督导主体"), _("家"), "Businesses visited by officials",
             _part("duty_visits", "distinct", "operator", **TRUE)),
    _measure("duty_visits.officials", _("开展督导的包保干部"), _("人"), "Officials who visited",
             _part("duty_visits", "distinct", "official", **TRUE)),
    _measure("duty_visits.faults", _("督导发现问题项次"), _("项次"), "Questions answered no",
             _part("duty_visits", "sum", "faults", **TRUE)),
    _measure("duty_visits.remote", _("线上督导次数"), _("次"), "Remote visits",
             _part("duty_visits", way="remote", **TRUE)),
    _measure("duty_rounds.completion", _("季度督导完成率"), "%", "Completion of the quarter's visits",
             _part("duty_rounds", is_visited=True), whole=_part("duty_rounds"), period="none",
             note=_("本季度到数据时点已督导的主体占当日有包保干部的主体。"), **RATE),
    _measure("duty_rounds.due", _("本季度待督导主体"), _("家"), "Businesses still to be visited",
             _part("duty_rounds", is_visited=False), period="none"),
    _measure("duty_quarters.complete", _("全部完成督导的季度"), _("个"), "Quarters in which all were visited",
             _part("duty_quarters", is_complete=True, is_county=True), levels=(Level.COUNTY,),
             note=_("按季度冻结时的数字，冻结后补报的不计。")),
    _measure("duty_problems.found", _("包保督导发现问题"), _("项"), "Problems reported by officials",
             _part("cases.duty_problem", **FOUND), register=PROBLEM_REGISTER),
    _measure("duty_problems.handled", _("包保督导处理问题"), _("项"), "Problems of officials' visits handled",
             _part("cases.duty_problem", **FOUND, is_closed=True), register=PROBLEM_REGISTER),
    _measure("duty_problems.close_out_rate", _("包保督导问题销号率"), "%", "Close-out rate of officials' problems",
             _part("cases.duty_problem", **FOUND, is_closed=True), whole=_part("cases.duty_problem", **FOUND),
             register=PROBLEM_REGISTER, **RATE),
)  # fmt: skip
