"""Cases filed because of a field check (F-09): proposed, filed, decided. The problem stays open until it is closed."""

from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.permissions import FILING_PROPOSE
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

FILING = CaseType(
    key="field_filing",
    title=_("检查立案"),
    description=_("检查发现的严重问题，或者逾期未改的问题，建议立案查处；案件办结前，问题不能销号。"),
    numbering="查立〔{year}〕{area}-{number}",
    states=(
        State("proposed", _("待立案"), turn=Side.UNIT),
        State("filed", _("查办中"), turn=Side.UNIT),
        State("decided", _("已处罚"), is_open=False),
        State("declined", _("不予立案"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("file", _("立案"), ("proposed",), "filed", by=Side.UNIT, asks=("case_no", "violation"),
                   demands=("case_no", "violation"), offers=frozenset({Need.EVIDENCE, Need.OWNER}), icon="gavel"),
        Transition("decline", _("不予立案"), ("proposed",), "declined", by=Side.UNIT, needs=frozenset({Need.NOTE}),
                   icon="ban", kind="quiet"),
        Transition("decide", _("处罚决定"), ("filed",), "decided", by=Side.UNIT, asks=("decision_no", "fine", "seized"),
                   demands=("decision_no", "fine"), offers=frozenset({Need.NOTE, Need.EVIDENCE}), icon="scale",
                   consequence=_("登记处罚决定后案件办结，问题可以复查销号。")),
        Transition("reopen", _("重新查办"), ("decided", "declined"), "proposed", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE}), begins_round=True, reopens=True, icon="refresh"),
    ),
    clocks=(
        ClockRule("file", _("立案期限"), starts=(OPENING, "reopen"), stops=("file", "decline"), may_extend=True),
        ClockRule("decide", _("办案期限"), starts=("file",), stops=("decide",)),
    ),
    create=FILING_PROPOSE,
    fields=(
        LedgerField("place", _("检查对象"), "string", is_required=True, max_length=120),
        LedgerField("grounds", _("建议理由"), "string", is_required=True, enum=("性质严重", "逾期未改", "回访复发")),
        LedgerField("case_no", _("立案号"), "string", max_length=60),
        LedgerField("violation", _("违法行为"), "string", max_length=200),
        LedgerField("decision_no", _("处罚决定书文号"), "string", max_length=60),
        LedgerField("fine", _("罚款"), "number", minimum=0, maximum=100_000_000, unit=_("元")),
        LedgerField("seized", _("没收违法所得"), "number", minimum=0, maximum=100_000_000, unit=_("元")),
    ),
    evidence_kinds=(("decision", _("处罚决定书")), ("document", _("文件资料"))),
    asks_operator=True,
    order=34,
    icon="gavel",
)  # fmt: skip
