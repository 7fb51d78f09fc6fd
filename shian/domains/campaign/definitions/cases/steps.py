"""Steps of the campaign's plan (创建步骤, A-04): an item in a grid cell, a duty, one person, one day."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import STEP_PLAN
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

NOTED = frozenset({Need.NOTE})
STEP = CaseType(
    key="step",
    title=_("创建步骤"),
    description=_("从最终期限倒排的工作步骤：内容定到网格，网格定到职责，职责定到一个人。"),
    numbering="步骤〔{year}〕{area}-{number}",
    states=(
        State("planned", _("未开始"), turn=Side.UNIT),
        State("working", _("推进中"), turn=Side.UNIT),
        State("submitted", _("待核实"), turn=Side.VERIFIER),
        State("done", _("已完成"), is_open=False),
        State("cancelled", _("已取消"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("start", _("开始"), ("planned",), "working", by=Side.UNIT, is_bulk=True, icon="arrow-right"),
        Transition("assign", _("落实责任人"), ("planned", "working"), by=Side.UNIT, needs=frozenset({Need.OWNER}),
                   icon="user"),
        Transition("progress", _("报告进度"), ("planned", "working"), "working", by=Side.UNIT, needs=NOTED,
                   offers=frozenset({Need.EVIDENCE}), asks=("progress",), demands=("progress",), icon="edit"),
        Transition("explain", _("说明延误原因"), ("planned", "working"), by=Side.UNIT, asks=("delay_reason",),
                   demands=("delay_reason",), icon="messages"),
        Transition("submit", _("报完成"), ("planned", "working"), "submitted", by=Side.UNIT,
                   needs=frozenset({Need.NOTE, Need.EVIDENCE}), icon="check"),
        Transition("confirm", _("核实完成"), ("submitted",), "done", by=Side.VERIFIER, needs=frozenset({Need.HELD}),
                   apart_from=("submit",), is_bulk=True, icon="circle-check"),
        Transition("return", _("退回"), ("submitted",), "working", by=Side.VERIFIER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, icon="arrow-left"),
        Transition("cancel", _("取消"), ("planned", "working", "submitted"), "cancelled", by=Side.ISSUER,
                   needs=NOTED, icon="ban", kind="danger"),
        Transition("reopen", _("重新办理"), ("done", "cancelled"), "working", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, reopens=True, icon="refresh"),
    ),
    clocks=(
        ClockRule("step", _("完成期限"), starts=(OPENING, "return", "reopen"), stops=("submit", "cancel"),
                  is_given=True),
        ClockRule("verify", _("核实期限"), starts=("submit",), stops=("confirm", "return", "cancel"),
                  may_extend=False),
    ),
    create=STEP_PLAN,
    fields=(
        LedgerField("plan", _("工作计划编号"), "string", is_required=True, max_length=40),
        LedgerField("stage", _("阶段"), "integer", is_required=True, minimum=1, maximum=9),
        LedgerField("grid", _("网格"), "string", max_length=80),
        LedgerField("duty", _("职责"), "string", max_length=200),
        LedgerField("progress", _("进度"), "integer", minimum=0, maximum=100, unit="%"),
        LedgerField("delay_reason", _("延误原因"), "string", max_length=300),
    ),
    evidence_kinds=(("result", _("完成情况")), ("process", _("过程材料"))),
    asks_item=True,
    waits_for_children=True,
    order=15,
    icon="hierarchy-2",
)  # fmt: skip
