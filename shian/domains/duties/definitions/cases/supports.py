"""Requests of townships and villages for help by their station (C-11): joint visits, technical and enforcement help."""

from django.utils.translation import gettext_lazy as _

from shian.domains.duties.permissions import DUTY_SUPPORT_ASK
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

KINDS = ("联合督导", "技术支持", "执法支持", "培训")
DUTY_SUPPORT = CaseType(
    key="duty_support",
    title=_("包保对接支持"),
    description=_("街道、社区和包保干部向对接的监管所提出的联合督导、技术和执法支持。"),
    numbering="援{year}-{area}-{number}",
    states=(
        State("requested", _("待受理"), turn=Side.UNIT),
        State("accepted", _("支持中"), turn=Side.UNIT),
        State("done", _("已完成"), is_open=False),
        State("refused", _("未受理"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("accept", _("受理"), ("requested",), "accepted", by=Side.UNIT, asks=("planned_on",),
                   offers=frozenset({Need.NOTE, Need.OWNER}), icon="inbox"),
        Transition("refuse", _("不受理"), ("requested",), "refused", by=Side.UNIT, needs=frozenset({Need.NOTE}),
                   icon="ban", kind="quiet"),
        Transition("finish", _("办结"), ("accepted",), "done", by=Side.UNIT, asks=("done_on",), demands=("done_on",),
                   needs=frozenset({Need.NOTE}), offers=frozenset({Need.EVIDENCE}), icon="circle-check"),
    ),
    clocks=(
        ClockRule("give", _("支持期限"), starts=("accept",), stops=("finish",)),
        ClockRule("accept", _("受理期限"), starts=(OPENING,), stops=("accept", "refuse"), may_extend=False),
    ),
    create=DUTY_SUPPORT_ASK,
    fields=(
        LedgerField("kind", _("支持方式"), "string", is_required=True, enum=KINDS),
        LedgerField("wanted_on", _("希望日期"), "date"),
        LedgerField("planned_on", _("安排日期"), "date"),
        LedgerField("done_on", _("完成日期"), "date"),
        LedgerField("asker", _("申请人"), "string", max_length=60),
    ),
    evidence_kinds=(("document", _("文件资料")), ("photo", _("现场照片"))),
    asks_operator=True,
    order=38,
    icon="users",
)  # fmt: skip
