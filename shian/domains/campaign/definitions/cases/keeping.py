"""Keeping what was achieved (达标状态保持, A-39): a point or item that passed is checked again and again.

Who fails a check loses "ready" at once; the flow relapse_to_problem puts the matter back on the problem list, and the
state comes back when that problem is closed.
"""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import KEEPING_OPEN
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import DONE, OVERDUE

KEEPING = CaseType(
    key="keeping",
    title=_("达标保持"),
    description=_("验收前后持续复查已达标的点位和评价内容；复查不合格的立即失去达标状态，回到问题清单。"),
    numbering="保持〔{year}〕{area}-{number}",
    states=(
        State("ready", _("达标"), turn=Side.UNIT, tone=DONE),
        State("relapsed", _("复发"), tone=OVERDUE),
        State("ended", _("已结束"), is_open=False),
    ),
    transitions=(
        Transition("keep", _("复查合格"), ("ready",), by=Side.UNIT, needs=frozenset({Need.NOTE}),
                   offers=frozenset({Need.EVIDENCE}), asks=("checked_on",), demands=("checked_on",), icon="check"),
        Transition("relapse", _("复查不合格"), ("ready",), "relapsed", needs=frozenset({Need.NOTE}),
                   policy=KEEPING_OPEN, offers=frozenset({Need.EVIDENCE}), asks=("checked_on",),
                   demands=("checked_on",), begins_round=True, icon="alert-triangle", kind="danger"),
        Transition("restore", _("恢复达标"), ("relapsed",), "ready", by=Side.ISSUER, needs=frozenset({Need.NOTE}),
                   icon="refresh"),
        Transition("end", _("结束保持"), ("ready", "relapsed"), "ended", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE}), icon="ban", kind="quiet"),
    ),
    clocks=(
        ClockRule("check", _("复查期限"), starts=(OPENING, "keep", "restore"), stops=("relapse", "end"),
                  may_extend=False),
    ),
    create=KEEPING_OPEN,
    fields=(
        LedgerField("place", _("点位"), "string", max_length=200),
        LedgerField("passed_on", _("达标日期"), "date", is_required=True),
        LedgerField("checked_on", _("复查日期"), "date"),
    ),
    sources=(("problem", _("销号问题")), ("point", _("达标点位")), ("item", _("达标内容"))),
    evidence_kinds=(("photo", _("现场照片")), ("record", _("复查记录"))),
    asks_item=True,
    asks_operator=True,
    order=80,
    icon="rosette-discount-check",
)  # fmt: skip
