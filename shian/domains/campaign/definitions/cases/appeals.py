"""Appeals of units against a published score (A-16): the office decides; a correction of the score closes it."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import APPEAL_CORRECT, APPEAL_OPEN
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.kernel.ui.states import NEUTRAL

APPEAL = CaseType(
    key="score_appeal",
    title=_("得分申诉"),
    description=_("单位对公布的动态评价得分提出申诉，创建办复核；成立的更正得分和名次，原得分保留。"),
    numbering="申诉〔{year}〕{number}号",
    states=(
        State("filed", _("待复核"), turn=Side.UNIT),
        State("upheld", _("待更正"), turn=Side.UNIT),
        State("corrected", _("已更正"), is_open=False),
        State("rejected", _("不成立"), is_open=False, tone=NEUTRAL),
        State("withdrawn", _("已撤回"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("uphold", _("申诉成立"), ("filed",), "upheld", by=Side.UNIT, needs=frozenset({Need.NOTE}),
                   icon="check"),
        Transition("correct", _("更正得分"), ("upheld",), "corrected", policy=APPEAL_CORRECT,
                   needs=frozenset({Need.NOTE}), icon="circle-check"),
        Transition("reject", _("申诉不成立"), ("filed",), "rejected", by=Side.UNIT, needs=frozenset({Need.NOTE}),
                   icon="ban", kind="quiet"),
        Transition("withdraw", _("撤回"), ("filed",), "withdrawn", by=Side.ISSUER, needs=frozenset({Need.NOTE}),
                   icon="arrow-left", kind="quiet"),
    ),
    clocks=(
        ClockRule("review", _("复核期限"), starts=(OPENING,), stops=("uphold", "reject", "withdraw")),
        ClockRule("correct", _("更正期限"), starts=("uphold",), stops=("correct",), may_extend=False),
    ),
    create=APPEAL_OPEN,
    evidence_kinds=(("proof", _("申诉依据")),),
    order=90,
    icon="messages",
)  # fmt: skip
