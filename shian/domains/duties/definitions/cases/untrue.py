"""Visits that a spot check found untrue (C-09): the official explains, the office decides what follows.

While it is open the visit counts for nothing; withdrawing it, on the page of the check, lets the visit count again.
"""

from django.utils.translation import gettext_lazy as _

from shian.domains.duties.permissions import ON_CHECK_ONLY, OWN_PAGE_ONLY, SPOT_KEEP
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

NOTED = frozenset({Need.NOTE})
FOLLOWS = ("批评教育", "约谈", "通报批评", "移交纪检监察", "重新督导")
DUTY_UNTRUE = CaseType(
    key="duty_untrue",
    title=_("督导不实"),
    description=_("督查组核查后认定督导记录不属实：该次督导不计入完成率，由包保干部说明，组织督查的食安办处理或者撤销认定。"),
    numbering="实{year}-{area}-{number}",
    states=(
        State("told", _("待干部说明"), turn=Side.VERIFIER),
        State("explained", _("待处理"), turn=Side.ISSUER),
        State("upheld", _("已处理"), is_open=False),
        State("withdrawn", _("已撤销认定"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("explain", _("包保干部说明"), ("told",), "explained", policy=OWN_PAGE_ONLY, needs=NOTED,
                   icon="message"),
        Transition("uphold", _("处理"), ("told", "explained"), "upheld", by=Side.ISSUER, asks=("follows",),
                   demands=("follows",), needs=NOTED, offers=frozenset({Need.EVIDENCE}), icon="gavel"),
        Transition("withdraw", _("撤销认定"), ("told", "explained"), "withdrawn", policy=ON_CHECK_ONLY, needs=NOTED,
                   icon="arrow-left", kind="quiet"),
    ),
    clocks=(
        ClockRule("explain", _("说明期限"), starts=(OPENING,), stops=("explain", "uphold", "withdraw"),
                  may_extend=False),
        ClockRule("decide", _("处理期限"), starts=("explain",), stops=("uphold", "withdraw")),
    ),
    create=SPOT_KEEP,
    fields=(
        LedgerField("visit", _("督导编号"), "string", is_required=True, max_length=40),
        LedgerField("spotcheck", _("督查编号"), "string", is_required=True, max_length=40),
        LedgerField("official", _("包保干部编号"), "string", max_length=40),
        LedgerField("place", _("督导对象"), "string", max_length=120),
        LedgerField("follows", _("处理方式"), "string", enum=FOLLOWS),
    ),
    evidence_kinds=(("document", _("文件资料")), ("photo", _("现场照片"))),
    order=37,
    icon="eye",
)  # fmt: skip
