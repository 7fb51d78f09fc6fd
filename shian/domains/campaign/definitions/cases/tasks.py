"""Tasks (任务) that decisions and steps produce, and supervision cards (督办卡, A-10)."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import CARD_ISSUE, TASK_ASSIGN
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

PROOF = frozenset({Need.NOTE, Need.EVIDENCE})
TASK = CaseType(
    key="task",
    title=_("任务"),
    description=_("会议决定、创建步骤和领导交办产生的任务，承办单位报完成，交办单位核实。"),
    numbering="{issuer}任〔{year}〕{number}号",
    states=(
        State("assigned", _("待签收"), turn=Side.UNIT),
        State("working", _("办理中"), turn=Side.UNIT),
        State("submitted", _("待核实"), turn=Side.VERIFIER),
        State("done", _("已完成"), is_open=False),
        State("cancelled", _("已撤销"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("accept", _("签收"), ("assigned",), "working", by=Side.UNIT, is_bulk=True, icon="check"),
        Transition("submit", _("报完成"), ("working",), "submitted", by=Side.UNIT, needs=PROOF, icon="check"),
        Transition("assign", _("指定责任人"), ("assigned", "working"), "working", by=Side.UNIT,
                   needs=frozenset({Need.OWNER}), icon="user"),
        Transition("progress", _("报告进度"), ("working",), by=Side.UNIT, needs=frozenset({Need.NOTE}),
                   offers=frozenset({Need.EVIDENCE}), asks=("progress",), demands=("progress",), icon="edit"),
        Transition("confirm", _("核实完成"), ("submitted",), "done", by=Side.VERIFIER, needs=frozenset({Need.HELD}),
                   apart_from=("submit",), is_bulk=True, icon="circle-check"),
        Transition("return", _("退回"), ("submitted",), "working", by=Side.VERIFIER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, icon="arrow-left"),
        Transition("cancel", _("撤销"), ("assigned", "working", "submitted"), "cancelled", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE}), icon="ban", kind="danger"),
        Transition("reopen", _("重新办理"), ("done", "cancelled"), "working", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, reopens=True, icon="refresh"),
    ),
    clocks=(
        ClockRule("work", _("完成期限"), starts=(OPENING, "return", "reopen"), stops=("submit", "cancel"),
                  is_given=True),
        ClockRule("verify", _("核实期限"), starts=("submit",), stops=("confirm", "return", "cancel"),
                  may_extend=False),
    ),
    create=TASK_ASSIGN,
    fields=(
        LedgerField("basis", _("依据"), "string", max_length=200),
        LedgerField("progress", _("进度"), "integer", minimum=0, maximum=100, unit="%"),
    ),
    sources=(
        ("meeting", _("会议决定")), ("step", _("创建步骤")), ("push", _("重点推进")), ("duty", _("领导履职")),
        ("leader", _("领导交办")), ("card", _("督办卡")), ("weekly", _("周台账")), ("other", _("其他")),
    ),
    evidence_kinds=(("result", _("办理结果")), ("process", _("过程材料"))),
    asks_item=True,
    waits_for_children=True,
    order=10,
    icon="checklist",
)  # fmt: skip
CARD = CaseType(
    key="card",
    title=_("督办卡"),
    description=_("一卡一事，限期办结：下发、签收、回复、核实。由回复单位以外的单位核实。"),
    numbering="{issuer}督〔{year}〕{number}号",
    states=(
        State("issued", _("待签收"), turn=Side.UNIT),
        State("received", _("办理中"), turn=Side.UNIT),
        State("answered", _("待核实"), turn=Side.VERIFIER),
        State("closed", _("已办结"), is_open=False),
        State("withdrawn", _("已撤回"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("receive", _("签收"), ("issued",), "received", by=Side.UNIT, is_bulk=True, icon="check"),
        Transition("reply", _("回复"), ("received",), "answered", by=Side.UNIT, needs=PROOF, icon="messages"),
        Transition("assign", _("指定责任人"), ("issued", "received"), "received", by=Side.UNIT,
                   needs=frozenset({Need.OWNER}), icon="user"),
        Transition("close", _("核实办结"), ("answered",), "closed", by=Side.VERIFIER,
                   needs=frozenset({Need.HELD}), asks=("result",), demands=("result",), apart_from=("reply",),
                   apart_units=True, is_bulk=True, icon="circle-check"),
        Transition("return", _("退回重办"), ("answered",), "received", by=Side.VERIFIER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, icon="arrow-left"),
        Transition("withdraw", _("撤回"), ("issued", "received", "answered"), "withdrawn", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE}), icon="ban", kind="danger"),
        Transition("reopen", _("重新督办"), ("closed",), "received", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, reopens=True, icon="refresh"),
    ),
    clocks=(
        ClockRule("reply", _("办理期限"), starts=(OPENING, "return", "reopen"), stops=("reply", "withdraw"),
                  is_given=True),
        ClockRule("verify", _("核实期限"), starts=("reply",), stops=("close", "return", "withdraw"),
                  may_extend=False),
    ),
    create=CARD_ISSUE,
    fields=(
        LedgerField("basis", _("依据"), "string", is_required=True, max_length=200),
        LedgerField("result", _("核实结果"), "string", enum=("已整改到位", "基本整改到位", "情况不属实")),
    ),
    sources=(
        ("overdue", _("逾期事项")), ("problem", _("发现问题")), ("leader", _("领导批示")), ("meeting", _("会议决定")),
        ("visit", _("包联督导")), ("other", _("其他")),
    ),
    evidence_kinds=(("before", _("整改前")), ("after", _("整改后")), ("document", _("文件资料"))),
    asks_item=True,
    waits_for_children=True,
    order=20,
    icon="flag",
)  # fmt: skip
