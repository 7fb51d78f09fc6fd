"""Commendation and accountability (A-18): each entry follows from a score or a finding; none is published without the
number of the decision."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import COMMENDATION_KEEP, COMMENDATION_OPEN
from shian.domains.campaign.rules.commendations import KINDS
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.states import DONE, NEUTRAL

NOTED = frozenset({Need.NOTE})
COMMENDATION = CaseType(
    key="commendation",
    title=_("表彰问责"),
    description=_("根据得分、考核、问题和督办情况提请表彰或者问责：提请、审核、决定、公布、归档；没有决定文号的不能公布。"),
    numbering="奖惩〔{year}〕{number}号",
    states=(
        State("proposed", _("待审核"), turn=Side.ISSUER),
        State("reviewed", _("待决定"), turn=Side.ISSUER),
        State("decided", _("待公布"), turn=Side.ISSUER),
        State("published", _("已公布"), turn=Side.ISSUER, tone=DONE),
        State("archived", _("已归档"), is_open=False),
        State("dropped", _("不予办理"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("review", _("审核"), ("proposed",), "reviewed", by=Side.ISSUER, needs=NOTED,
                   apart_from=(OPENING,), icon="check"),
        Transition("decide", _("记录决定"), ("reviewed",), "decided", by=Side.ISSUER,
                   asks=("decided_by", "decided_on", "consequence", "decision_no"),
                   demands=("decided_by", "decided_on", "consequence"), offers=frozenset({Need.EVIDENCE}),
                   icon="gavel"),
        Transition("publish", _("公布"), ("decided",), "published", by=Side.ISSUER, asks=("decision_no",),
                   demands=("decision_no",), icon="speakerphone",
                   consequence=_("公布后各单位都能看到；姓名按规定隐去部分。没有决定文号的不能公布。")),
        Transition("archive", _("归档"), ("published",), "archived", by=Side.ISSUER, icon="archive"),
        Transition("drop", _("不予办理"), ("proposed", "reviewed"), "dropped", by=Side.ISSUER, needs=NOTED,
                   icon="ban", kind="quiet"),
    ),
    clocks=(
        ClockRule("decide", _("办理期限"), starts=(OPENING,), stops=("decide", "drop")),
        ClockRule("publish", _("公布期限"), starts=("decide",), stops=("publish",), may_extend=False),
    ),
    create=COMMENDATION_OPEN,
    view=COMMENDATION_KEEP,
    fields=(
        LedgerField("kind", _("种类"), "string", is_required=True, enum=KINDS),
        LedgerField("target_unit", _("对象单位"), "string", is_required=True, max_length=80),
        LedgerField("target_person", _("对象姓名"), "string", max_length=30, personal=Personal.NAME),
        LedgerField("target_post", _("对象职务"), "string", max_length=60),
        LedgerField("grounds", _("起因"), "string", is_required=True, max_length=200),
        LedgerField("decided_by", _("决定机关"), "string", max_length=80),
        LedgerField("decided_on", _("决定日期"), "date"),
        LedgerField("consequence", _("处理结果"), "string", max_length=300),
        LedgerField("decision_no", _("决定文号"), "string", max_length=60),
    ),
    sources=(
        ("score", _("动态评价")), ("appraisal", _("年度考核")), ("case", _("问题和督办")), ("item", _("评价内容")),
    ),
    evidence_kinds=(("decision", _("决定文件")), ("record", _("会议记录"))),
    order=95,
    icon="star",
)  # fmt: skip
