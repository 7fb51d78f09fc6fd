"""Reception of an evaluation (迎检：省级初评、国家验收, A-27). What the evaluators find are problems made of it; each
week a notice tells how far they are struck off; it ends with a result when every one of them is."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import RECEPTION_PLAN
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

RECEPTION = CaseType(
    key="reception",
    title=_("迎检"),
    description=_("迎接省级初评和国家验收：资料审查、现场检查、访谈，反馈的问题逐件整改，每周通报，全部销号后登记结果。"),
    numbering="迎检〔{year}〕{number}号",
    states=(
        State("applied", _("已申请"), turn=Side.UNIT),
        State("documents", _("资料审查"), turn=Side.UNIT),
        State("field", _("现场检查"), turn=Side.UNIT),
        State("interviews", _("领导访谈"), turn=Side.UNIT),
        State("rectifying", _("反馈整改"), turn=Side.ISSUER),
        State("concluded", _("已有结果"), is_open=False),
        State("cancelled", _("已取消"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("review", _("开始资料审查"), ("applied",), "documents", by=Side.UNIT,
                   offers=frozenset({Need.EVIDENCE}), icon="file-text"),
        Transition("visit", _("进入现场检查"), ("documents",), "field", by=Side.UNIT, asks=("visit_date", "points"),
                   demands=("visit_date",), offers=frozenset({Need.EVIDENCE}), icon="map-pin"),
        Transition("interview", _("进入访谈"), ("field",), "interviews", by=Side.UNIT, icon="users"),
        Transition("feedback", _("登记反馈"), ("field", "interviews"), "rectifying", by=Side.UNIT,
                   needs=frozenset({Need.NOTE, Need.EVIDENCE}), icon="report"),
        Transition("conclude", _("登记结果"), ("rectifying",), "concluded", by=Side.ISSUER, asks=("result",),
                   demands=("result",), offers=frozenset({Need.NOTE, Need.EVIDENCE}), icon="circle-check"),
        Transition("cancel", _("取消"), ("applied",), "cancelled", by=Side.ISSUER, needs=frozenset({Need.NOTE}),
                   icon="ban", kind="danger"),
    ),
    clocks=(ClockRule("visit", _("到访日期"), starts=(OPENING,), stops=("visit", "cancel"), is_given=True),),
    create=RECEPTION_PLAN,
    fields=(
        LedgerField("evaluation_level", _("评价层级"), "string", is_required=True,
                    enum=("市级自评", "省级初评", "国家验收")),
        LedgerField("evaluators", _("评价组"), "string", max_length=80),
        LedgerField("visit_date", _("到访日期"), "date"),
        LedgerField("points", _("现场点位"), "text"),
        LedgerField("result", _("评价结果"), "string", max_length=200),
    ),
    evidence_kinds=(("plan", _("工作方案")), ("feedback", _("反馈意见")), ("result", _("结果文件"))),
    waits_for_children=True,
    order=55,
    icon="flag",
)  # fmt: skip
