"""Problems that checks find (F-07, F-08, F-10): put right on the spot, or by an order; looked at again later.

A type of its own beside the campaign's problem: it is closed by the check group itself where both photos show that it
was put right before the group left; it is ordered in writing to the operator, through the unit in charge; it waits for
the case that was filed because of it; and a relapse reopens it under its number. "My work", reminders, close-out rates
and the tab of an operator read both types as one.
"""

from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.permissions import FIELD_PROBLEM_REPORT
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

BEFORE, AFTER = "before", "after"
SEVERITIES = ("一般", "较重", "严重")
NOTED = frozenset({Need.NOTE})
FIELD_PROBLEM = CaseType(
    key="field_problem",
    title=_("检查问题"),
    description=_("明查暗访发现的问题：当场改正的由检查组凭整改前后照片销号，其余下达整改通知，由另一人复查后销号。"),
    numbering="查{year}-{area}-{number}",
    states=(
        State("found", _("待处理"), turn=Side.ISSUER),
        State("ordered", _("限期整改中"), turn=Side.UNIT),
        State("answered", _("待复查"), turn=Side.VERIFIER),
        State("closed", _("已销号"), is_open=False),
        State("dismissed", _("不成立"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("fix", _("立行立改"), ("found",), "closed", by=Side.ISSUER, proofs=(BEFORE, AFTER), same_day=True,
                   offers=frozenset({Need.EVIDENCE}), icon="circle-check",
                   consequence=_("凭整改前、整改后照片当场销号，只限检查当天。")),
        Transition("order", _("下达整改通知"), ("found",), "ordered", by=Side.ISSUER,
                   needs=frozenset({Need.UNIT, Need.DUE}), asks=("order_no",), demands=("order_no",),
                   icon="gavel"),
        Transition("show", _("补充取证"), ("found", "ordered"), by=Side.ISSUER, needs=frozenset({Need.EVIDENCE}),
                   icon="camera"),
        Transition("answer", _("报整改结果"), ("ordered",), "answered", by=Side.UNIT,
                   needs=frozenset({Need.NOTE, Need.EVIDENCE}), proofs=(AFTER,), icon="check"),
        Transition("close", _("复查合格"), ("answered",), "closed", by=Side.VERIFIER, apart_from=("answer",),
                   needs=frozenset({Need.HELD}), icon="circle-check"),
        Transition("return", _("复查不合格"), ("answered",), "ordered", by=Side.VERIFIER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, icon="arrow-left"),
        Transition("dismiss", _("不成立"), ("found", "answered"), "dismissed", by=Side.ISSUER, needs=NOTED,
                   icon="ban", kind="quiet"),
        Transition("stable", _("回访稳定"), ("closed",), by=Side.VERIFIER, asks=("revisited_on",),
                   demands=("revisited_on",), needs=NOTED, icon="refresh"),
        Transition("relapse", _("回访复发"), ("closed",), "ordered", by=Side.VERIFIER,
                   asks=("revisited_on", "order_no"), demands=("revisited_on", "order_no"),
                   needs=frozenset({Need.NOTE, Need.EVIDENCE, Need.UNIT, Need.DUE}), begins_round=True, reopens=True,
                   icon="alert-triangle", kind="danger"),
    ),
    clocks=(
        ClockRule("order", _("整改期限"), starts=("order", "return", "relapse"), stops=("answer",), is_given=True),
        ClockRule("handle", _("处理期限"), starts=(OPENING,), stops=("fix", "order", "dismiss"), may_extend=False),
        ClockRule("recheck", _("复查期限"), starts=("answer",), stops=("close", "return", "dismiss"),
                  may_extend=False),
    ),
    create=FIELD_PROBLEM_REPORT,
    fields=(
        LedgerField("visit", _("检查记录编号"), "string", max_length=40),
        LedgerField("place", _("检查对象"), "string", is_required=True, max_length=120),
        LedgerField("item", _("检查项目"), "string", max_length=200),
        LedgerField("severity", _("程度"), "string", is_required=True, enum=SEVERITIES),
        LedgerField("order_no", _("整改通知文号"), "string", max_length=60),
        LedgerField("revisited_on", _("回访日期"), "date"),
    ),
    sources=(("overt", _("明查")), ("covert", _("暗访")), ("cross", _("交叉互查")), ("topic", _("专项督查"))),
    evidence_kinds=((BEFORE, _("整改前")), (AFTER, _("整改后")), ("order", _("整改通知")), ("document", _("文件资料"))),
    waits_for_children=True,
    asks_item=True,
    asks_operator=True,
    order=32,
    icon="map-pin",
)  # fmt: skip
