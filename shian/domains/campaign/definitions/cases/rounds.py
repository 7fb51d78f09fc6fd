"""Paired supervision (包联督导, A-12) and inspection rounds of the supervision offices (督查, A-19).

What a visit or a round finds are problems made of it (children); it closes when they are closed.
"""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import INSPECTION_PLAN, VISIT_PLAN
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

VISIT = CaseType(
    key="visit",
    title=_("包联督导"),
    description=_("包联领导或督导组到县检查督促：发现的问题逐件进入问题清单，全部销号后才算跟进完毕。"),
    numbering="督导〔{year}〕{area}-{number}",
    states=(
        State("planned", _("已安排"), turn=Side.UNIT),
        State("visited", _("待报告"), turn=Side.UNIT),
        State("reported", _("跟进中"), turn=Side.ISSUER),
        State("closed", _("已跟进"), is_open=False),
        State("cancelled", _("已取消"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("visit", _("到县督导"), ("planned",), "visited", by=Side.UNIT,
                   asks=("visited_on", "items"), demands=("visited_on",), offers=frozenset({Need.EVIDENCE}),
                   icon="map-pin"),
        Transition("report", _("报告情况"), ("visited",), "reported", by=Side.UNIT, needs=frozenset({Need.NOTE}),
                   offers=frozenset({Need.EVIDENCE}), icon="report"),
        Transition("close", _("跟进完毕"), ("reported",), "closed", by=Side.ISSUER, icon="circle-check"),
        Transition("cancel", _("取消"), ("planned",), "cancelled", by=Side.ISSUER, needs=frozenset({Need.NOTE}),
                   icon="ban", kind="danger"),
    ),
    clocks=(
        ClockRule("visit", _("督导日期"), starts=(OPENING,), stops=("visit", "cancel"), is_given=True),
        ClockRule("report", _("报告期限"), starts=("visit",), stops=("report",), may_extend=False),
    ),
    create=VISIT_PLAN,
    fields=(
        LedgerField("supervisor", _("包联领导职务"), "string", max_length=60),
        LedgerField("visited_on", _("到访日期"), "date"),
        LedgerField("items", _("检查内容"), "text"),
    ),
    waits_for_children=True,
    order=40,
    icon="users",
)  # fmt: skip
INSPECTION = CaseType(
    key="inspection",
    title=_("督查轮次"),
    description=_("市委督查室、市政府督查室会同部门分轮督查；发现的问题限期整改，全部销号后本轮办结。"),
    numbering="督查〔{year}〕第{number}轮",
    states=(
        State("planned", _("已安排"), turn=Side.UNIT),
        State("underway", _("督查中"), turn=Side.UNIT),
        State("reported", _("整改中"), turn=Side.ISSUER),
        State("closed", _("已办结"), is_open=False),
        State("cancelled", _("已取消"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("start", _("开始督查"), ("planned",), "underway", by=Side.UNIT, asks=("teams",), icon="arrow-right"),
        Transition("report", _("报告"), ("underway",), "reported", by=Side.UNIT,
                   needs=frozenset({Need.NOTE, Need.EVIDENCE}), icon="report"),
        Transition("close", _("办结"), ("reported",), "closed", by=Side.ISSUER, icon="circle-check"),
        Transition("cancel", _("取消"), ("planned",), "cancelled", by=Side.ISSUER, needs=frozenset({Need.NOTE}),
                   icon="ban", kind="danger"),
    ),
    clocks=(ClockRule("round", _("督查截止"), starts=(OPENING,), stops=("report", "cancel"), is_given=True),),
    create=INSPECTION_PLAN,
    fields=(
        LedgerField("started_on", _("开始日期"), "date", is_required=True),
        LedgerField("teams", _("督查组"), "integer", minimum=1, unit=_("个")),
        LedgerField("scope", _("督查范围"), "string", max_length=200),
    ),
    evidence_kinds=(("report", _("督查报告")), ("photo", _("现场照片"))),
    waits_for_children=True,
    order=50,
    icon="search",
)  # fmt: skip
