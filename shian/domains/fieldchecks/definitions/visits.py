"""Figures over visits, over the problems that they found, and over the cases filed because of them."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.models import FieldVisit, Mode
from shian.domains.fieldchecks.models.visits import COUNTED, PASSED
from shian.engine.cases.models import Case
from shian.engine.cases.tables import CASES, case_row
from shian.engine.forms.tables.submissions import VERDICTS
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, Part, Source, SourceField
from shian.kernel.scope.rules import LEVELS
from shian.kernel.ui.tables import Cell, Column, Row

VISIT_REGISTER, PROBLEM_REGISTER, CASE_REGISTER = "R21", "R10", "R29"
BASIS = "《国家食品安全示范城市评价与管理办法》；问题清单和销号机制"
SHOWN = LEVELS[:4]
COLUMNS = (
    Column("place", _("检查对象"), is_fixed=True, is_wide=True),
    Column("number", _("检查编号"), kind="code"),
    Column("mode", _("检查方式")),
    Column("format", _("业态代码")),
    Column("visited_on", _("检查日期"), kind="date"),
    Column("percent", _("得分"), kind="number", decimals=2),
    Column("verdict", _("结论")),
)


def _row(visit: Any) -> Row:
    state, word = VERDICTS[visit.verdict]
    cells = {
        "place": visit.point.name, "number": visit.number, "mode": visit.get_mode_display(), "format": visit.format,
        "visited_on": visit.visited_on, "percent": visit.percent, "verdict": Cell(word, state=state),
    }  # fmt: skip
    return Row(cells, url=reverse("fieldchecks:field_visit_detail", args=[visit.pk]), key=str(visit.pk))


COUNTED_SQL = ", ".join(f"'{each.value}'" for each in COUNTED)
# An order is kept when it was answered by its last day, in each round that it had.
KEPT = (
    "NOT EXISTS (SELECT 1 FROM cases_caseclock k WHERE k.case_id = t.id AND k.key = 'order' "
    "AND COALESCE((k.stopped_at AT TIME ZONE 'Asia/Shanghai')::date, {as_of}) > k.due_on)"
)
CLOSED = "COALESCE((t.closed_at AT TIME ZONE 'Asia/Shanghai')::date <= {as_of}, FALSE)"
SOURCES = (
    Source(
        key="field_visits",
        title=_("明查暗访"),
        register=VISIT_REGISTER,
        model=FieldVisit,
        fields={
            "point": SourceField(_("点位"), "t.point_id"),
            "mode": SourceField(_("检查方式"), "t.mode"),
            "format": SourceField(_("业态代码"), "t.format"),
            "round": SourceField(_("轮次"), "NULLIF(t.round_no, '')"),
            "percent": SourceField(_("得分"), "t.percent"),
            "verdict": SourceField(_("结论"), "t.verdict"),
        },
        columns=COLUMNS,
        row_of=_row,
        valid_from="visited_on",
        occurs_on="visited_on",
        # a covert visit is in no figure before it is released
        condition=f"t.state IN ({COUNTED_SQL}) "
        "AND (t.mode = 'overt' OR COALESCE(t.released_at < {as_of} + 1, FALSE))",
        related=("point", "issuer"),
        words=dict(Mode.choices),
    ),
    Source(
        key="field_orders",
        title=_("限期整改通知"),
        register=PROBLEM_REGISTER,
        model=Case,
        fields={
            "is_kept": SourceField(_("按期整改"), f"({KEPT})"),
            "is_closed": SourceField(_("已销号"), f"({CLOSED})"),
            "source": SourceField(_("来源"), "t.source"),
        },
        columns=CASES,
        row_of=lambda case: case_row(case, timezone.localdate()),
        valid_from="opened_on",
        occurs_on="opened_on",
        condition="t.type = 'field_problem' AND t.state <> 'dismissed' AND COALESCE(t.data->>'order_no', '') <> ''",
        related=("unit", "issuer"),
    ),
)


def _where(**conditions: Any) -> Any:
    return parse_conditions(conditions)


def _part(source: str, aggregate: str = "count", column: str = "", **conditions: Any) -> Part:
    return Part(source, aggregate, column, where=parse_conditions(conditions))


def _measure(key: str, title: Any, unit: Any, title_en: str, part: Part, **more: Any) -> Measure:
    register = {"field_visits": VISIT_REGISTER, "field_filings": CASE_REGISTER}.get(key.split(".")[0], PROBLEM_REGISTER)
    return Measure(
        key, title, unit, SHOWN, part, period="range", title_en=title_en, register=register, legal_basis=BASIS, **more
    )


FOUND: dict[str, Any] = {"is_merged": False, "state": {"ne": "dismissed"}}
AT_ONCE: dict[str, Any] = {"is_closed": True, "order_no": {"not_null": False}}
RATE: dict[str, Any] = {"scale": Decimal(100), "decimals": 1}
PASSING: dict[str, Any] = {"verdict": list(PASSED)}


def _problems(**conditions: Any) -> Part:
    return _part("cases.field_problem", **FOUND, **conditions)


# What the field items of the standard ask of: key, title, English title, codes of formats in the dictionary's edition.
GROUPS = (
    ("farms", _("种养殖和农资现场合格率"), "Farms and farm inputs passed", ("M01", "M02", "M03")),
    ("slaughter", _("屠宰和无害化处理现场合格率"), "Slaughter and disposal passed", ("M04", "M05")),
    ("grain", _("粮食收储现场合格率"), "Grain stores passed", ("M06",)),
    ("producers", _("食品生产现场合格率"), "Food producers passed", ("M07", "M08", "M09")),
    ("special", _("特殊食品现场合格率"), "Special food passed", ("M08", "M16", "A07")),
    ("small", _("三小现场合格率"), "Small workshops, eateries and stalls passed", ("M10", "M19", "A03", "A06", "A08")),
    ("shops", _("食品销售现场合格率"), "Food shops passed", ("M13", "M14", "M15", "A01", "A02")),
    ("villages", _("农村食品店现场合格率"), "Village shops passed", ("M15", "A02")),
    ("cold", _("冷链仓储现场合格率"), "Cold stores passed", ("M17",)),
    ("markets", _("市场现场合格率"), "Markets passed", ("M11", "M12", "A04")),
    ("catering", _("餐饮现场合格率"), "Catering passed", ("M18", "M19", "A03", "A09")),
    ("schools", _("学校食堂和周边现场合格率"), "School canteens and surroundings passed", ("M20", "A01")),
    ("platforms", _("网络餐饮现场合格率"), "Online catering passed", ("M24", "A05")),
)


def _group(key: str, title: Any, title_en: str, codes: tuple[str, ...]) -> Measure:
    chosen: dict[str, Any] = {"format": list(codes)}
    return _measure(f"field_visits.{key}_rate", title, "%", title_en, _part("field_visits", **chosen, **PASSING),
                    whole=_part("field_visits", **chosen), **RATE)  # fmt: skip


MEASURES = (
    _measure("field_visits.visits", _("明查暗访次数"), _("次"), "Visits", _part("field_visits"),
             opens_into=("field_visits.overt", "field_visits.covert")),
    _measure("field_visits.overt", _("明查次数"), _("次"), "Overt visits", _part("field_visits", mode="overt")),
    _measure("field_visits.covert", _("暗访次数"), _("次"), "Covert visits", _part("field_visits", mode="covert")),
    _measure("field_visits.points", _("已检查点位"), _("个"), "Points visited",
             _part("field_visits", "distinct", "point")),
    _measure("field_visits.formats", _("已检查业态"), _("类"), "Formats visited",
             _part("field_visits", "distinct", "format")),
    _measure("field_visits.overt_points", _("明查到访点位"), _("个"), "Points visited openly",
             _part("field_visits", "distinct", "point", mode="overt")),
    _measure("field_visits.overt_formats", _("明查到访业态"), _("类"), "Formats visited openly",
             _part("field_visits", "distinct", "format", mode="overt")),
    _measure("field_visits.passed_rate", _("现场检查合格率"), "%", "Visits passed", _part("field_visits", **PASSING),
             whole=_part("field_visits"), **RATE),
    _measure("field_visits.overt_passed_rate", _("明查合格率"), "%", "Overt visits passed",
             _part("field_visits", mode="overt", **PASSING), whole=_part("field_visits", mode="overt"), **RATE),
    _measure("field_visits.covert_passed_rate", _("暗访合格率"), "%", "Covert visits passed",
             _part("field_visits", mode="covert", **PASSING), whole=_part("field_visits", mode="covert"), **RATE),
    _measure("field_visits.mean", _("现场检查平均分"), _("分"), "Mean score of visits",
             _part("field_visits", "sum", "percent"), whole=_part("field_visits", percent={"not_null": True}),
             decimals=2),
    _measure("field_problems.found", _("检查发现问题"), _("个"), "Problems found by checks", _problems()),
    _measure("field_problems.at_once", _("立行立改问题"), _("个"), "Problems corrected at once", _problems(**AT_ONCE),
             note=_("发现当天凭整改前后照片销号，没有下达整改通知。")),
    _measure("field_problems.by_order", _("限期整改问题"), _("个"), "Problems corrected by an order",
             _problems(order_no={"not_null": True})),
    _measure("field_problems.open", _("检查问题未销号"), _("个"), "Problems of checks that are open",
             _problems(is_open=True)),
    _measure("field_problems.close_out_rate", _("检查问题销号率"), "%", "Close-out rate of problems of checks",
             _problems(is_closed=True), whole=_problems(), **RATE),
    _measure("field_problems.in_time_rate", _("限期整改按期完成率"), "%", "Orders kept in time",
             _part("field_orders", is_kept=True, is_closed=True), whole=_part("field_orders"), **RATE),
    _measure("field_problems.relapse_rate", _("回访复发率"), "%", "Relapses on return visits",
             _problems(revisited_on={"not_null": True}, reopened={"ge": 1}),
             whole=_problems(revisited_on={"not_null": True}), **RATE),
    _measure("field_filings.filed", _("检查转立案"), _("起"), "Cases filed because of checks",
             _part("cases.field_filing", case_no={"not_null": True})),
    _measure("field_filings.fines", _("检查案件罚没"), _("万元"), "Fines and confiscations because of checks",
             _part("cases.field_filing", "sum", "fine", decision_no={"not_null": True}), scale=Decimal("0.0001"),
             decimals=2),
    *(_group(*each) for each in GROUPS),
)  # fmt: skip
