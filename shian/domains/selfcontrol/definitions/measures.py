"""Figures of operators' own duty: staffing, training, tests, self-examinations. Dated rules say who owes what."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.domains.selfcontrol.models import Appointment, Attendance, Duty, Exam, SelfExam
from shian.domains.selfcontrol.queries.numbers import CONTROLS, SELFEXAMS, STAFFING, TRAINING
from shian.domains.selfcontrol.rules.staffing import any_sql, dated_sql, quoted
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, Part, Source, SourceField, register_measure, register_source
from shian.kernel.scope.rules import LEVELS
from shian.kernel.ui.tables import Column, Row
from shian.registers.operators.models import OperatorVersion

BASIS = "《企业落实食品安全主体责任监督管理规定》"
SHOWN = LEVELS[:4]
DAY = "{as_of}"
EMPLOYEES = "(SELECT x.employees FROM operators_operator x WHERE x.id = t.operator_id)"


def _operator_row(version: Any) -> Row:
    operator = version.operator
    cells = {
        "name": operator.name, "code": operator.code, "kind": version.kind, "format": version.format,
        "size": version.size,
    }  # fmt: skip
    return Row(cells, url=reverse("census:operator_detail", args=[operator.code]), key=operator.code)


def _of_operator(row: Any, **cells: Any) -> Row:
    told = {"name": row.operator.name, "code": row.operator.code, **cells}
    return Row(told, url=reverse("census:operator_detail", args=[row.operator.code]), key=str(row.pk))


OPERATORS = (
    Column("name", _("名称"), is_fixed=True, is_wide=True),
    Column("code", _("主体编号"), kind="code"),
    Column("kind", _("主体类别")),
    Column("format", _("业态")),
    Column("size", _("规模")),
)


def _in_post(duty: str) -> str:
    return (
        "t.operator_id IN (SELECT a.operator_id FROM selfcontrol_appointment a WHERE a.duty = "
        f"{quoted(duty)} AND a.appointed_on <= {DAY} AND (a.ended_on IS NULL OR a.ended_on > {DAY}) "
        f"AND (a.suspended_on IS NULL OR a.suspended_on > {DAY}))"
    )


def _flat(condition: str) -> str:
    """Rules ask the file of an operator for employees and key; a measure reads its versions."""
    return condition.replace("o.employees", EMPLOYEES).replace("o.id", "t.operator_id")


# The last week that is over, and the last month whose minutes had to be signed, both as of the day.
MONDAY = f"(date_trunc('week', {DAY}::timestamp)::date - 7)"


def _month_due() -> str:
    day = CONTROLS.versions()[-1].month_day
    return f"(date_trunc('month', {DAY}::timestamp - INTERVAL '{day} days') - INTERVAL '1 month')::date"


def _signed(table: str, more: str) -> str:
    """The period's report was signed by the end of the day."""
    return (
        f"t.operator_id IN (SELECT r.operator_id FROM {table} r WHERE r.signed_at < {DAY}::timestamp "
        f"+ INTERVAL '1 day' AND {more})"
    )


def _mechanisms() -> dict[str, SourceField]:
    """Officer, days, week and month. Whether the days are recorded is what the signed week froze: daily records
    themselves are kept for two years only."""
    week = _signed("selfcontrol_weeklycheck", f"r.monday = {MONDAY}")
    days = _signed("selfcontrol_weeklycheck", f"r.monday = {MONDAY} AND r.found -> 'days' <> '{{}}'")
    month = _signed("selfcontrol_dispatchmeeting", f"r.month = {_month_due()}")
    return {
        "has_week": SourceField(_("上周周排查已签字"), week),
        "has_month": SourceField(_("最近一月月调度已签字"), month),
        "is_covered": SourceField(_("有食品安全员并执行三项机制"), f"({_in_post('officer')} AND {days} AND {month})"),
    }


def _owed(which: str) -> str:
    versions = STAFFING.versions()
    return dated_sql([(each.valid_from, _flat(any_sql(getattr(each, which), "t", "o"))) for each in versions], DAY)


def _belongs(key: str) -> str:
    found = [
        (version.valid_from, _flat(any_sql(next((c.rules for c in version.classes if c.key == key), ()), "t", "o")))
        for version in SELFEXAMS.versions()
    ]
    return dated_sql(found, DAY)


def _reported(key: str) -> str:
    return (
        "t.operator_id IN (SELECT r.operator_id FROM selfcontrol_selfexam r WHERE r.duty_class = "
        f"{quoted(key)} AND r.year = date_part('year', {DAY}) AND r.reported_on <= {DAY})"
    )


def _classes() -> list[str]:
    return list(dict.fromkeys(each.key for version in SELFEXAMS.versions() for each in version.classes))


def _operators() -> Source:
    daily = ", ".join(map(quoted, CONTROLS.versions()[-1].kinds))
    fields = {
        "kind": SourceField(_("主体类别"), "t.kind"),
        "format": SourceField(_("业态"), "t.format"),
        "owes_officer": SourceField(_("应配食品安全员"), _owed("officer")),
        "owes_director": SourceField(_("应配食品安全总监"), _owed("director")),
        "has_officer": SourceField(_("有食品安全员"), _in_post("officer")),
        "is_staffed": SourceField(
            _("已按要求配备"), f"({_in_post('officer')} AND (NOT {_owed('director')} OR {_in_post('director')}))"
        ),
        "has_director": SourceField(_("有食品安全总监"), _in_post("director")),
        "owes_days": SourceField(_("应做日管控"), f"t.kind IN ({daily})"),
        "has_day": SourceField(
            _("当日有记录"),
            f"t.operator_id IN (SELECT d.operator_id FROM selfcontrol_dailycontrol d WHERE d.day = {DAY})",
        ),
    }
    fields |= _mechanisms()
    for key in _classes():
        fields[f"is_{key}"] = SourceField(_("应报告：%(key)s") % {"key": key}, _belongs(key))
        fields[f"reported_{key}"] = SourceField(_("已报告：%(key)s") % {"key": key}, _reported(key))
    fields["is_trader"] = SourceField(
        _("连锁、批发和市场"), f"({' OR '.join(_belongs(key) for key in ('chain', 'wholesaler', 'market'))})"
    )
    fields["reported_trader"] = SourceField(
        _("已报告"), f"({' OR '.join(_reported(key) for key in ('chain', 'wholesaler', 'market'))})"
    )
    return Source(
        key="selfcontrol_operators", title=_("企业主体责任"), register="R19", model=OperatorVersion, fields=fields,
        columns=OPERATORS, row_of=_operator_row, valid_from="valid_from", valid_to="valid_to", related=("operator",),
    )  # fmt: skip


HOURS = " ".join(
    (
        "(SELECT a.staff_id FROM selfcontrol_attendance a JOIN selfcontrol_trainingsession k ON k.id = a.session_id",
        f"WHERE date_part('year', k.held_on) = date_part('year', {DAY}) AND k.held_on <= {DAY}",
        "GROUP BY a.staff_id HAVING sum(k.hours) >= {least})",
    )
)
# The session inside the sum: a person's few attendances come first, joined the planner begins with the sessions of all
OWN_HOURS = (
    "COALESCE((SELECT sum((SELECT k.hours FROM selfcontrol_trainingsession k WHERE k.id = a.session_id "
    f"AND k.held_on <= {DAY} AND date_part('year', k.held_on) = date_part('year', {DAY}))) "
    "FROM selfcontrol_attendance a WHERE a.staff_id = t.staff_id), 0)"
)
PEOPLE = (
    Column("name", _("主体"), is_fixed=True, is_wide=True),
    Column("code", _("主体编号"), kind="code"),
    Column("duty", _("职责")),
    Column("day", _("日期"), kind="date"),
    Column("score", _("得分"), kind="number", decimals=1),
    Column("people", _("人数"), kind="number"),
    Column("problems", _("问题数"), kind="number"),
    Column("rectified", _("已整改"), kind="number"),
)


def _columns(*keys: str) -> tuple[Column, ...]:
    return tuple(each for each in PEOPLE if each.key in {"name", "code", *keys})


def _enough_hours() -> str:
    versions = TRAINING.versions()
    return dated_sql(
        [(each.valid_from, f"t.staff_id IN {HOURS.replace('{least}', f'{each.hours}')}") for each in versions], DAY
    )


def _sources() -> tuple[Source, ...]:
    return (
        _operators(),
        Source(
            key="safety_posts", title=_("食品安全管理人员"), register="R19", model=Appointment,
            fields={
                "duty": SourceField(_("职责"), "t.duty"),
                "has_hours": SourceField(_("年培训学时达标"), _enough_hours()),
                "hours": SourceField(_("年培训学时"), OWN_HOURS),
            },
            columns=_columns("duty", "day"),
            row_of=lambda each: _of_operator(each, duty=each.get_duty_display(), day=each.appointed_on),
            valid_from="appointed_on", valid_to="ended_on", related=("operator",), words=dict(Duty.choices),
        ),
        Source(
            key="spot_exams", title=_("监督抽考"), register="R19", model=Exam,
            fields={"passed": SourceField(_("合格"), "COALESCE(t.passed, FALSE)")},
            columns=_columns("day", "score"),
            row_of=lambda each: _of_operator(each, day=each.examined_on, score=each.score),
            occurs_on="examined_on", condition="t.score IS NOT NULL", related=("operator",),
        ),
        Source(
            key="self_exams", title=_("企业自查报告"), register="R18", model=SelfExam,
            fields={
                "duty_class": SourceField(_("报告类别"), "t.duty_class"),
                "problems": SourceField(_("问题数"), "t.problems"),
                "rectified": SourceField(_("已整改"), "t.rectified"),
                "in_time": SourceField(_("按期报告"), "t.reported_on <= t.due_on"),
            },
            columns=_columns("day", "problems", "rectified"),
            row_of=lambda each: _of_operator(
                each, day=each.reported_on, problems=each.problems, rectified=each.rectified
            ),
            occurs_on="reported_on", year="t.year", related=("operator",),
        ),
        Source(
            key="attendances", title=_("企业人员培训签到"), register="R37", model=Attendance,
            fields={
                "operator": SourceField(_("主体"), "t.operator_id"),
                "people": SourceField(_("人数"), "t.people"),
                "held_on": SourceField(_("培训日期"), HELD),
            },
            columns=_columns("day", "people"),
            row_of=lambda each: _of_operator(each, day=each.session.held_on, people=each.people),
            condition=f"{HELD} <= {DAY}", year=f"date_part('year', {HELD})", related=("operator", "session"),
        ),
    )  # fmt: skip


HELD = "(SELECT k.held_on FROM selfcontrol_trainingsession k WHERE k.id = t.session_id)"
RATE: dict[str, Any] = {"unit": "%", "scale": Decimal(100), "decimals": 1}


def _part(source: str, where: dict[str, Any] | None = None, aggregate: str = "count", column: str = "") -> Part:
    return Part(source, aggregate, column, parse_conditions(where or {}))


def _measure(key: str, title: Any, title_en: str, part: Part, whole: Part | None = None, **more: Any) -> Measure:
    told: dict[str, Any] = {"unit": _("家"), "register": "R19", "legal_basis": BASIS} | (RATE if whole else {}) | more
    unit = told.pop("unit")
    return Measure(f"selfcontrol.{key}", title, unit, SHOWN, part, whole=whole, title_en=title_en, **told)


def _own(where: dict[str, Any]) -> Part:
    return _part("selfcontrol_operators", where)


def _reports(key: str, title: Any, title_en: str, owes: str, done: str) -> Measure:
    told: dict[str, Any] = {"register": "R18", "note": _("应报告的主体总数取自主体库。")}
    return _measure(f"reports_{key}", title, title_en, _own({owes: True, done: True}), _own({owes: True}), **told)


def _mechanism_measures() -> tuple[Measure, ...]:
    return (
        _measure(
            "weeks", _("上周周排查报告率"), "Operators that signed the last week's report",
            _own({"owes_days": True, "has_week": True}), _own({"owes_days": True}), register="R18",
        ),
        _measure(
            "months", _("月调度纪要率"), "Operators that signed the last month's minutes",
            _own({"owes_days": True, "has_month": True}), _own({"owes_days": True}), register="R18",
            note=_("最近一个已到期限的月份。"),
        ),
        _measure(
            "covered", _("三项机制和食品安全员制度覆盖率"), "Operators with an officer and all three mechanisms",
            _own({"owes_officer": True, "is_covered": True}), _own({"owes_officer": True}), register="R18",
            note=_("有在岗的食品安全员，上周有日管控记录和已签字的周排查，最近一月有已签字的月调度。"),
        ),
    )  # fmt: skip


def _measures() -> tuple[Measure, ...]:
    year: dict[str, Any] = {"period": "year"}
    person: dict[str, Any] = {"unit": _("人")}
    return (
        _measure("owing", _("应配食品安全员的主体"), "Operators that need an officer", _own({"owes_officer": True})),
        _measure(
            "staffed", _("食品安全员配备率"), "Operators with the staff required",
            _own({"owes_officer": True, "is_staffed": True}), _own({"owes_officer": True}),
            note=_("应配总监的还须有总监；暂停上岗的不计。"),
        ),
        _measure(
            "directors", _("食品安全总监配备率"), "Operators with the director required",
            _own({"owes_director": True, "has_director": True}), _own({"owes_director": True}),
        ),
        _measure(
            "days", _("当日日管控记录率"), "Operators that recorded the day",
            _own({"owes_days": True, "has_day": True}), _own({"owes_days": True}), register="R18",
            note=_("停业申报的主体仍计入应记录数。"),
        ),
        _measure(
            "hours_reached", _("年培训学时达标率"), "Safety staff with the hours of the year",
            _part("safety_posts", {"has_hours": True}), _part("safety_posts"),
        ),
        _measure(
            "hours_least", _("企业人员最少年培训学时"), "Fewest hours of training of a person in the year",
            _part("safety_posts", None, "min", "hours"), unit=_("学时"),
        ),
        _measure("examined", _("监督抽考人次"), "Tests taken", _part("spot_exams"), **year, **person),
        _measure(
            "exam_rate", _("监督抽考合格率"), "Tests passed", _part("spot_exams", {"passed": True}),
            _part("spot_exams"), **year,
        ),
        _reports("producer", _("食品生产企业自查报告率"), "Producers that reported", "is_producer",
                 "reported_producer"),
        _reports("special", _("特殊食品生产自查报告率"), "Special-food makers that reported", "is_special",
                 "reported_special"),
        _reports("platform", _("网络订餐平台自查报告率"), "Ordering platforms that reported", "is_platform",
                 "reported_platform"),
        _reports("trader", _("连锁批发自查报告率"), "Chains, wholesalers and markets that reported", "is_trader",
                 "reported_trader"),
        _measure(
            "special_rectified", _("特殊食品自查问题整改率"), "Problems put right by special-food makers",
            _part("self_exams", {"duty_class": "special"}, "sum", "rectified"),
            _part("self_exams", {"duty_class": "special"}, "sum", "problems"), register="R18", **year,
        ),
        _measure(
            "trained_operators", _("参训主体"), "Operators trained", _part("attendances", None, "distinct", "operator"),
            register="R37", **year,
        ),
        _measure(
            "attendances", _("参训人次"), "Attendances", _part("attendances", None, "sum", "people"), register="R37",
            **year, unit=_("人次"),
        ),
    )  # fmt: skip


def register() -> None:
    """Hand sources and measures to the engine."""
    for source in _sources():
        register_source(source)
    for measure in (*_measures(), *_mechanism_measures()):
        register_measure(measure)
