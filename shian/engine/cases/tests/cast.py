"""A type of card with everything that a type can have, and the people of a small city who work with it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shian.engine.cases.actions import Given, Opening, move_case, open_case
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.models import Case
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.permissions import role_in
from shian.registers.people.models import Organisation
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2023, 3, 6, 10, 0, tzinfo=ZONE)  # a Monday
PARAMETERS = """
versions:
  - valid_from: 2021-01-01
    basis: of the tests
    confidence: H
    clocks:
      reply: {amount: 5, unit: wd}
      report: {amount: 24, unit: h}
    ladder:
      - {level: 0, after: -1, to: owner}
      - {level: 1, after: 1, to: unit_head}
      - {level: 2, after: 3, to: issuer}
  - valid_from: 2024-01-01
    basis: of the tests, later
    confidence: H
    clocks:
      reply: {amount: 10, unit: wd}
    ladder: [{level: 1, after: 1, to: unit}]
"""
CARD = CaseType(
    key="tried",
    title="督办卡",
    numbering="督〔{year}〕{number}号",
    states=(
        State("issued", "已下发", turn=Side.UNIT),
        State("answered", "待核实", turn=Side.VERIFIER),
        State("closed", "已办结", is_open=False),
    ),
    transitions=(
        Transition("assign", "指定责任人", ("issued",), by=Side.UNIT, needs=frozenset({Need.OWNER})),
        Transition(
            "answer", "回复", ("issued",), "answered", by=Side.UNIT, needs=frozenset({Need.NOTE}),
            offers=frozenset({Need.EVIDENCE}), asks=("measures",), demands=("measures",), is_bulk=True,
        ),
        Transition(
            "close", "核实办结", ("answered",), "closed", by=Side.VERIFIER, needs=frozenset({Need.HELD}),
            apart_from=("answer",), apart_units=True, is_bulk=True,
        ),
        Transition(
            "return", "退回", ("answered",), "issued", by=Side.VERIFIER, needs=frozenset({Need.NOTE}), begins_round=True
        ),
        Transition("reopen", "重开", ("closed",), "issued", by=Side.ISSUER, begins_round=True, reopens=True),
        Transition("show", "取证", ("issued",), by=Side.ISSUER, needs=frozenset({Need.EVIDENCE})),
        Transition("fix", "立行立改", ("issued",), "closed", by=Side.ISSUER, proofs=("before", "after"), same_day=True),
    ),
    clocks=(
        ClockRule("reply", "回复", starts=(OPENING, "return", "reopen"), stops=("close",)),
        ClockRule("report", "报告", starts=("answer",), stops=("close", "return"), may_extend=False),
    ),
    create=role_in(Role.OFFICE),
    fields=(LedgerField("measures", "整改措施", "string"),),
    sources=(("check", "检查"),),
    evidence_kinds=(("before", "整改前"), ("after", "整改后")),
    waits_for_children=True,
)  # fmt: skip


class Cast:
    """The office that issues, the bureau that answers, a third unit, a county, a bureau of the whole city; each with an
    account."""

    def __init__(self) -> None:
        self.office_unit, self.office = _unit("1310-OFFICE", "131000", Role.OFFICE)
        self.bureau, self.officer = _unit("1310-AGRI", "131022", Role.DEPARTMENT)
        self.head = _account("head", self.bureau, Role.DEPARTMENT, kind="领导")
        self.other, self.outsider = _unit("1310-EDU", "131002", Role.DEPARTMENT)
        self.county, self.regulator = _unit("131022-SAMR", "131022", Role.COUNTY)
        self.trade, self.trader = _unit("1310-TRADE", "131000", Role.DEPARTMENT)

    def card(self, *, by: object = None, at: datetime = AT, **more: object) -> Case:
        opening = Opening(
            **{
                "title": "冷库温度记录缺失",
                "area_key": "131022",
                "issuer": self.office_unit,
                "unit": self.bureau,
                **more,
            }
        )  # type: ignore[arg-type]
        return open_case(declared=CARD, opening=opening, by=by or self.office, at=at)

    def answered(self, case: Case, at: datetime = AT, **given: object) -> None:
        told = {"note": "已补记", "data": {"measures": "补记并培训"}, **given}
        step(case, "answer", self.officer, at, **told)


def step(case: Case, key: str, by: object, at: datetime = AT, **given: object) -> None:
    move_case(declared=CARD, case=case, step=CARD.step(key), seen=case.version, given=Given(**given), by=by, at=at)  # type: ignore[arg-type]


def _unit(code: str, area: str, role: Role) -> tuple[Organisation, User]:
    unit = OrganisationFactory(code=code, area_code=area)
    return unit, _account(code.lower(), unit, role)


def _account(name: str, unit: Organisation, role: Role, kind: str = "联络员") -> User:
    user = User.objects.create(username=name, role=role)
    area = "131000" if role == Role.OFFICE else unit.area_code
    PostFactory(person=PersonFactory(user=user, name=f"某{name[-1]}"), organisation=unit, area_code=area, kind=kind,
                valid_from=date(2000, 1, 1))  # fmt: skip
    return user
