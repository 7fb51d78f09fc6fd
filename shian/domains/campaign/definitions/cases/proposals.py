"""Proposals of delegates and members (建议提案, A-32): answered point by point, published only with consent."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import PROPOSAL_REGISTER
from shian.domains.campaign.rules.proposals import CONSENT, GRADES
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

PROPOSAL = CaseType(
    key="proposal",
    title=_("建议提案"),
    description=_("人大代表建议和政协提案：交办、起草、审定、答复、反馈；同意公开的答复在公众页面公布。"),
    numbering="提〔{year}〕{number}号",
    states=(
        State("received", _("待交办"), turn=Side.ISSUER),
        State("assigned", _("起草中"), turn=Side.UNIT),
        State("drafted", _("待审定"), turn=Side.ISSUER),
        State("approved", _("待答复"), turn=Side.UNIT),
        State("replied", _("待反馈"), turn=Side.UNIT),
        State("closed", _("已办结"), is_open=False),
        State("withdrawn", _("已撤回"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("assign", _("交办"), ("received",), "assigned", by=Side.ISSUER, needs=frozenset({Need.UNIT}),
                   icon="arrow-right"),
        Transition("draft", _("送审答复"), ("assigned",), "drafted", by=Side.UNIT, asks=("result_grade",),
                   demands=("result_grade",), offers=frozenset({Need.EVIDENCE, Need.NOTE}), icon="edit"),
        Transition("approve", _("审定"), ("drafted",), "approved", by=Side.ISSUER, apart_from=("draft",),
                   icon="check"),
        Transition("return", _("退回修改"), ("drafted",), "assigned", by=Side.ISSUER, needs=frozenset({Need.NOTE}),
                   begins_round=True, icon="arrow-left"),
        Transition("reply", _("正式答复"), ("approved",), "replied", by=Side.UNIT,
                   asks=("publish_consent", "copies_to"), demands=("publish_consent",), icon="mail"),
        Transition("close", _("记录反馈"), ("replied",), "closed", by=Side.UNIT, asks=("feedback",),
                   demands=("feedback",), icon="circle-check"),
        Transition("reopen", _("重新办理"), ("closed",), "assigned", by=Side.ISSUER, needs=frozenset({Need.NOTE}),
                   begins_round=True, reopens=True, icon="refresh"),
        Transition("withdraw", _("撤回"), ("received", "assigned"), "withdrawn", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE}), icon="ban", kind="danger"),
    ),
    clocks=(
        ClockRule("reply", _("答复期限"), starts=("assign", "reopen"), stops=("reply", "withdraw")),
        ClockRule("hand_out", _("交办期限"), starts=(OPENING,), stops=("assign", "withdraw"), may_extend=False),
        ClockRule("feedback", _("反馈期限"), starts=("reply",), stops=("close",), may_extend=False),
    ),
    create=PROPOSAL_REGISTER,
    fields=(
        LedgerField("kind", _("类别"), "string", is_required=True, enum=("人大代表建议", "政协提案")),
        LedgerField("session", _("届次"), "string", is_required=True, max_length=60),
        LedgerField("original_no", _("原编号"), "string", is_required=True, max_length=40),
        LedgerField("proposer_org", _("提出方"), "string", is_required=True, max_length=80),
        LedgerField("result_grade", _("办理结果"), "string", enum=GRADES),
        LedgerField("publish_consent", _("是否同意公开"), "string", enum=CONSENT),
        LedgerField("copies_to", _("抄送"), "string", max_length=200),
        LedgerField("feedback", _("提出方反馈"), "string", enum=("满意", "基本满意", "不满意")),
    ),
    asks_item=True,
    order=70,
    icon="messages",
)  # fmt: skip
