"""Letters to other areas about recalled goods (G-05, G-07, as far as recalls go): whoever makes or holds them lies
where nobody of this city decides. A case of the sender alone: the other side answers by letter."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.permissions import RECALL_ORDER
from shian.domains.tracing.queries.recall_letters import HOLDER, LETTER, SOURCE, Goods
from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, State, Transition
from shian.engine.cases.models import Case
from shian.engine.cases.rules import Side
from shian.engine.ledgers.fields import LedgerField
from shian.engine.reports.kinds import ReportColumn, ReportTable
from shian.engine.reports.letters import Part, Signature, letter
from shian.kernel.ui.states import DUE, NEUTRAL

NOTED = frozenset({Need.NOTE})
RECALL_LETTER = CaseType(
    key=LETTER,
    title=_("召回协查函"),
    description=_("召回的食品产自或者流入其他地区：发函协查，登记签收回执和反馈，超期未反馈的按收函单位列出。"),
    numbering="召回协查〔{year}〕{area}-{number}",
    states=(
        State("drafted", _("待发函"), turn=Side.ISSUER),
        State("sent", _("已发函"), turn=Side.ISSUER),
        State("received", _("已签收"), turn=Side.ISSUER),
        State("answered", _("已反馈"), turn=Side.ISSUER, tone=DUE),
        State("closed", _("已办结"), is_open=False),
        State("withdrawn", _("已撤回"), is_open=False, tone=NEUTRAL),
    ),
    transitions=(
        Transition("send", _("发函"), ("drafted",), "sent", by=Side.ISSUER, needs=frozenset({Need.EVIDENCE}),
                   icon="mail"),
        Transition("receive", _("登记签收"), ("sent",), "received", by=Side.ISSUER, asks=("received_on", "receipt_no"),
                   demands=("received_on", "receipt_no"), offers=frozenset({Need.EVIDENCE}), icon="inbox"),
        Transition("urge", _("催办"), ("sent", "received"), by=Side.ISSUER, needs=NOTED, icon="bell"),
        Transition("answer", _("登记反馈"), ("sent", "received"), "answered", by=Side.ISSUER, asks=("answered_on",),
                   demands=("answered_on",), needs=NOTED, offers=frozenset({Need.EVIDENCE}), icon="messages"),
        Transition("close", _("办结"), ("answered",), "closed", by=Side.ISSUER, offers=NOTED, icon="circle-check"),
        Transition("return", _("反馈不全，再次去函"), ("answered",), "sent", by=Side.ISSUER,
                   needs=frozenset({Need.NOTE, Need.DUE}), begins_round=True, icon="arrow-left"),
        Transition("withdraw", _("撤回"), ("drafted", "sent", "received"), "withdrawn", by=Side.ISSUER, needs=NOTED,
                   icon="ban", kind="quiet"),
    ),
    clocks=(ClockRule("answer", _("反馈期限"), starts=(OPENING, "return"), stops=("answer", "withdraw"),
                      is_given=True),),
    create=RECALL_ORDER,
    fields=(
        LedgerField("receiver", _("收函单位"), "string", is_required=True, max_length=80),
        LedgerField("side", _("协查对象"), "string", is_required=True, enum=(SOURCE, HOLDER)),
        LedgerField("party", _("对方主体"), "string", is_required=True, max_length=120),
        LedgerField("recall_no", _("召回编号"), "string", is_required=True, max_length=40),
        LedgerField("received_on", _("签收日期"), "date"),
        LedgerField("receipt_no", _("回执编号"), "string", max_length=60),
        LedgerField("answered_on", _("反馈日期"), "date"),
    ),
    sources=(("recall", _("食品召回")),),
    evidence_kinds=(("letter", _("函件")), ("receipt", _("回执")), ("answer", _("反馈材料"))),
    order=60,
    icon="mail",
)  # fmt: skip
LOTS = (
    ReportColumn("序号", 0.7, "center"), ReportColumn("品名", 2), ReportColumn("批次", 3),
    ReportColumn("数量（千克）", 1.5, "right"), ReportColumn("时间", 1.6, "center"),
)  # fmt: skip
ASKED = {
    SOURCE: "上述食品来源为贵辖区“{party}”。请核查生产、供货情况和同批次食品的去向，依法处置。",
    HOLDER: "上述食品已流入贵辖区“{party}”。请督促其立即停止经营、封存并配合召回，核实现存、退回、销毁数量和去向。",
}


def letter_paper(case: Case, goods: Sequence[Goods], reason: str, words: str, day: date) -> bytes:
    """The letter as docx: what is recalled and why, which lots, what is asked, until when."""
    told = case.data
    rows = [[str(n), each.name, each.number, f"{each.kilos:,.2f}" if each.kilos else "—", f"{each.at:%Y-%m-%d}"]
            for n, each in enumerate(goods, 1)]  # fmt: skip
    due = case.due_on or day
    parts: list[Part] = [
        f"{told['receiver']}：",
        f"我单位正在实施食品召回（{told['recall_no']}），原因：{reason}。涉及批次如下：",
        ReportTable(key="lots", title="协查批次", columns=LOTS, rows=rows, is_annex=False),
        ASKED[told["side"]].format(party=told["party"]),
        *([words] if words else []),
        f"请于{due.year}年{due.month}月{due.day}日前书面反馈核查处置结果，并在签收后将回执寄回我单位。",
        Signature(case.issuer.name), Signature(f"{day.year}年{day.month}月{day.day}日"),
    ]  # fmt: skip
    return letter(title="关于协助核查召回食品的函", beneath=case.number, parts=parts)
