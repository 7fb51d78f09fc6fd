"""Interviews of leaders (领导访谈, A-28): the third method of evaluation. Positions are named, persons are not."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import INTERVIEW_PREPARE
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

PACK = "pack"  # what a file can show: the facts that were handed over
INTERVIEW = CaseType(
    key="interview",
    title=_("领导访谈"),
    description=_("评价组访谈领导：事先一次生成该职务的访谈资料，访谈后登记问题、答复要点和得分。只写职务，不写姓名。"),
    numbering="访谈〔{year}〕{area}-{number}",
    states=(
        State("scheduled", _("已安排"), turn=Side.ISSUER),
        State("prepared", _("资料已备"), turn=Side.ISSUER),
        State("held", _("待登记"), turn=Side.ISSUER),
        State("recorded", _("已登记"), is_open=False),
        State("cancelled", _("已取消"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("prepare", _("备齐资料"), ("scheduled", "prepared"), "prepared", by=Side.ISSUER,
                   needs=frozenset({Need.EVIDENCE}), asks=("question_set",), icon="file-text"),
        Transition("hold", _("已访谈"), ("prepared",), "held", by=Side.ISSUER, asks=("held_on", "question_set"),
                   demands=("held_on",), icon="users"),
        Transition("record", _("登记访谈"), ("held",), "recorded", by=Side.ISSUER,
                   asks=("question_set", "answers_summary", "score"),
                   demands=("question_set", "answers_summary", "score"), offers=frozenset({Need.EVIDENCE}),
                   icon="report"),
        Transition("cancel", _("取消"), ("scheduled", "prepared"), "cancelled", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE}), icon="ban", kind="danger"),
    ),
    clocks=(ClockRule("interview", _("访谈日期"), starts=(OPENING,), stops=("hold", "cancel"), is_given=True),),
    create=INTERVIEW_PREPARE,
    fields=(
        LedgerField("position", _("访谈职务"), "string", is_required=True, max_length=60),
        LedgerField("held_on", _("访谈日期"), "date"),
        LedgerField("question_set", _("访谈问题"), "text"),
        LedgerField("answers_summary", _("答复要点"), "text"),
        LedgerField("score", _("得分"), "number", minimum=0, maximum=100, unit=_("分")),
    ),
    evidence_kinds=((PACK, _("访谈资料")), ("minutes", _("访谈记录"))),
    order=56,
    icon="messages",
)  # fmt: skip
