"""Self-check reports upward (自查报告, A-26): a merged report asks each unit for its own and is made of theirs."""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.permissions import SELF_CHECK_ASK
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.ui.states import NEUTRAL

FIGURES = ("operators_checked", "problems_found", "problems_fixed")
SELF_CHECK = CaseType(
    key="self_check",
    title=_("自查报告"),
    description=_("各单位按期报送自查报告，上级汇总后逐级上报。汇总报告引用每个单位的数据。"),
    numbering="自查〔{year}〕{area}-{number}",
    states=(
        State("requested", _("待报送"), turn=Side.UNIT),
        State("submitted", _("待接收"), turn=Side.ISSUER),
        State("accepted", _("已接收"), is_open=False),
        State("cancelled", _("已取消"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("submit", _("报送"), ("requested",), "submitted", by=Side.UNIT,
                   needs=frozenset({Need.NOTE, Need.EVIDENCE}), asks=(*FIGURES, "signed_by"),
                   demands=(*FIGURES, "signed_by"), icon="upload"),
        Transition("accept", _("接收"), ("submitted",), "accepted", by=Side.ISSUER, needs=frozenset({Need.HELD}),
                   apart_from=("submit",), is_bulk=True, icon="check"),
        Transition("return", _("退回修改"), ("submitted",), "requested", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, icon="arrow-left"),
        Transition("cancel", _("取消"), ("requested",), "cancelled", by=Side.ISSUER, needs=frozenset({Need.NOTE}),
                   icon="ban", kind="danger"),
        Transition("reopen", _("要求补报"), ("accepted", "cancelled"), "requested", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, reopens=True, icon="refresh"),
    ),
    clocks=(
        ClockRule("report", _("报送期限"), starts=(OPENING, "return", "reopen"), stops=("submit", "cancel"),
                  is_given=True),
        ClockRule("accept", _("接收期限"), starts=("submit",), stops=("accept", "return"), may_extend=False),
    ),
    create=SELF_CHECK_ASK,
    fields=(
        LedgerField("period", _("自查期间"), "string", is_required=True, max_length=60),
        LedgerField("operators_checked", _("检查主体"), "integer", minimum=0, unit=_("家")),
        LedgerField("problems_found", _("发现问题"), "integer", minimum=0, unit=_("个")),
        LedgerField("problems_fixed", _("已整改问题"), "integer", minimum=0, unit=_("个")),
        LedgerField("signed_by", _("签发人职务"), "string", max_length=60),
    ),
    evidence_kinds=(("report", _("自查报告")), ("annex", _("附件"))),
    waits_for_children=True,
    order=60,
    icon="file-text",
)  # fmt: skip
