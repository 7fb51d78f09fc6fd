"""Problems (问题清单、责任清单、销号, A-11): every finding from any source, until somebody else has verified it."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import PROBLEM_REPORT
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

PROBLEM = CaseType(
    key="problem",
    title=_("问题"),
    description=_("问题清单：逐一交办、限期整改、核实后销号。由整改单位以外的单位核实。"),
    numbering="WT{year}-{area}-{number}",
    states=(
        State("listed", _("待交办"), turn=Side.ISSUER),
        State("rectifying", _("整改中"), turn=Side.UNIT),
        State("submitted", _("待核实"), turn=Side.VERIFIER),
        State("closed", _("已销号"), is_open=False),
        State("dismissed", _("不成立"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("assign", _("交办"), ("listed",), "rectifying", by=Side.ISSUER,
                   needs=frozenset({Need.UNIT, Need.DUE}), is_bulk=True, icon="arrow-right"),
        Transition("submit", _("报整改结果"), ("rectifying",), "submitted", by=Side.UNIT,
                   needs=frozenset({Need.NOTE, Need.EVIDENCE}), asks=("measures",), demands=("measures",),
                   icon="check"),
        Transition("appoint", _("指定责任人"), ("rectifying",), by=Side.UNIT, needs=frozenset({Need.OWNER}),
                   icon="user"),
        Transition("close", _("核实销号"), ("submitted",), "closed", by=Side.VERIFIER,
                   needs=frozenset({Need.HELD}), apart_from=("submit",), apart_units=True, is_bulk=True,
                   icon="circle-check"),
        Transition("return", _("退回整改"), ("submitted",), "rectifying", by=Side.VERIFIER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, icon="arrow-left"),
        Transition("dismiss", _("不成立"), ("listed", "submitted"), "dismissed", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE}), icon="ban", kind="quiet"),
        Transition("reopen", _("重新整改"), ("closed", "dismissed"), "rectifying", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE, Need.UNIT, Need.DUE}), begins_round=True, reopens=True,
                   icon="refresh"),
    ),
    clocks=(
        ClockRule("work", _("整改期限"), starts=("assign", "return", "reopen"), stops=("submit",), is_given=True),
        ClockRule("list", _("交办期限"), starts=(OPENING,), stops=("assign", "dismiss"), may_extend=False),
        ClockRule("verify", _("核实期限"), starts=("submit",), stops=("close", "return", "dismiss"),
                  may_extend=False),
    ),
    create=PROBLEM_REPORT,
    fields=(
        LedgerField("place", _("地点"), "string", max_length=200),
        LedgerField("severity", _("程度"), "string", is_required=True, enum=("一般", "较重", "严重")),
        LedgerField("measures", _("整改措施"), "text"),
    ),
    sources=(
        ("check", _("监督检查")), ("self_check", _("自查")), ("review", _("资料审查")), ("card", _("督办卡")),
        ("inspection", _("两办督查")), ("visit", _("包联督导")), ("joint", _("联合检查")),
        ("complaint", _("投诉举报")), ("covert", _("暗访")), ("reception", _("迎检")), ("relapse", _("复发")),
        ("cold", _("冷链报警")), ("other", _("其他")),
    ),
    evidence_kinds=(("before", _("整改前")), ("after", _("整改后")), ("document", _("文件资料"))),
    asks_item=True,
    asks_operator=True,
    order=30,
    icon="alert-triangle",
)  # fmt: skip
