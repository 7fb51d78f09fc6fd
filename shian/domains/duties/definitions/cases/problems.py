"""Problems that officials report from their visits (C-08): accepted and handed out by the food-safety office, handled
by the station, confirmed by the official, struck off.

A type of its own beside the checks' problem: another register, with other people. An official is no inspector: he does
not order and does not verify the law; he confirms that what he saw is put right, on his own page.
"""

from django.utils.translation import gettext_lazy as _

from shian.domains.duties.permissions import DUTY_PROBLEM_REPORT, OWN_PAGE_ONLY
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

BEFORE, AFTER = "before", "after"
NOTED = frozenset({Need.NOTE})
DUTY_PROBLEM = CaseType(
    key="duty_problem",
    title=_("包保督导问题"),
    description=_("包保干部督导时发现的问题：食安办受理后交监管所或者主管部门处置，由包保干部确认，再由食安办销号。"),
    numbering="包{year}-{area}-{number}",
    states=(
        State("reported", _("待受理"), turn=Side.ISSUER),
        State("accepted", _("待交办"), turn=Side.ISSUER),
        State("assigned", _("处置中"), turn=Side.UNIT),
        State("handled", _("待包保干部确认"), turn=Side.VERIFIER),
        State("confirmed", _("待销号"), turn=Side.ISSUER),
        State("closed", _("已销号"), is_open=False),
        State("dismissed", _("不成立"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("fix", _("当场改正"), ("reported",), "confirmed", policy=OWN_PAGE_ONLY, same_day=True,
                   icon="circle-check"),
        Transition("accept", _("受理"), ("reported",), "accepted", by=Side.ISSUER, is_bulk=True, icon="inbox"),
        Transition("assign", _("交办"), ("accepted",), "assigned", by=Side.ISSUER, needs=frozenset({Need.UNIT}),
                   offers=frozenset({Need.NOTE}), is_bulk=True, icon="arrow-right"),
        Transition("decline", _("退回食安办"), ("assigned",), "accepted", by=Side.UNIT, needs=NOTED, icon="arrow-left",
                   kind="quiet"),
        Transition("handle", _("报处置结果"), ("assigned",), "handled", by=Side.UNIT, asks=("result",),
                   demands=("result",), needs=frozenset({Need.NOTE, Need.EVIDENCE}), icon="check"),
        Transition("confirm", _("包保干部确认"), ("handled",), "confirmed", policy=OWN_PAGE_ONLY, icon="circle-check"),
        Transition("return", _("包保干部退回"), ("handled",), "assigned", policy=OWN_PAGE_ONLY, needs=NOTED,
                   begins_round=True, icon="arrow-left"),
        Transition("confirm_for", _("代为确认"), ("handled",), "confirmed", by=Side.ISSUER, needs=NOTED, icon="users",
                   kind="quiet", consequence=_("只在包保干部离任或者没有账号时使用，请写明与谁核实。")),
        Transition("close", _("销号"), ("confirmed",), "closed", by=Side.ISSUER, is_bulk=True, icon="circle-check"),
        Transition("dismiss", _("不成立"), ("reported", "accepted", "confirmed"), "dismissed", by=Side.ISSUER,
                   needs=NOTED, icon="ban", kind="quiet"),
        Transition("reopen", _("重新处置"), ("closed",), "accepted", by=Side.ISSUER, needs=NOTED, begins_round=True,
                   reopens=True, icon="refresh"),
    ),
    clocks=(
        ClockRule("handle", _("处置期限"), starts=("assign", "return"), stops=("handle", "decline"), may_extend=True),
        ClockRule("hand_over", _("交办期限"), starts=(OPENING, "decline", "reopen"), stops=("fix", "assign", "dismiss"),
                  may_extend=False),
        ClockRule("confirm", _("确认期限"), starts=("handle",), stops=("confirm", "return", "confirm_for"),
                  may_extend=False),
    ),
    create=DUTY_PROBLEM_REPORT,
    fields=(
        LedgerField("visit", _("督导编号"), "string", max_length=40),
        LedgerField("official", _("包保干部编号"), "string", max_length=40),
        LedgerField("place", _("督导对象"), "string", is_required=True, max_length=120),
        LedgerField("item", _("督导内容"), "string", max_length=200),
        LedgerField("result", _("处置结果"), "string", enum=("已整改", "限期整改完成", "立案查处", "移送")),
    ),
    sources=(("visit", _("包保督导")), ("remote", _("线上督导"))),
    evidence_kinds=((BEFORE, _("整改前")), (AFTER, _("整改后")), ("document", _("文件资料"))),
    asks_operator=True,
    order=36,
    icon="alert-triangle",
)  # fmt: skip
