"""In-orders as a file: goods at the gate with what let them in, or why they were refused."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import (
    AREA_OF_ROW,
    MERCHANT,
    MERCHANT_COLUMNS,
    MERCHANT_FAULTS,
    OF_MERCHANT,
    ROLES,
    Drawn,
    area_of,
    begin,
    checks_of,
    enter_varieties,
    examining,
    import_parameters,
    kilos_field,
    moment,
    number_field,
    time_field,
)
from shian.domains.tracing.rules.naming import LOT
from shian.engine.trace.actions.drawing import (
    AREA,
    Run,
    digest_of,
    enter_holdings,
    enter_identifiers,
    enter_movements,
)
from shian.kernel.imports.specs import (
    Counts,
    ImportField,
    ImportSpec,
    SetCheck,
    Staged,
    register_importer,
    text,
)

PROOFS = {
    "合格证": "certificate", "检测报告": "report", "购货凭证": "voucher", "入场快检合格": "test", "无凭证": "none",
}  # fmt: skip
VERDICTS = {"准入": "admitted", "拒入": "refused"}
_JOINS = (
    f"{OF_MERCHANT} LEFT JOIN tracing_certificate z ON s.proof = 'certificate' AND z.number = s.proof_no "
    "LEFT JOIN trace_holding zh ON zh.id = z.holding "
    "LEFT JOIN tracing_outorder w ON w.number = s.source_order "
    "LEFT JOIN tracing_inorder wi ON wi.id = w.in_order_id LEFT JOIN tracing_merchant wc ON wc.id = w.merchant_id "
    "LEFT JOIN tracing_market wm ON wm.id = w.market_id AND wm.walk_in = w.buyer "
    "LEFT JOIN trace_holding wh ON wh.lot = wi.lot AND wh.party_id = wm.walk_in "
    "LEFT JOIN tracing_inorder t ON t.number = s.number"
)
_COLUMNS = MERCHANT_COLUMNS | {
    "taker": "c.party",
    **area_of("m"),
    "number": "s.number",
    "received_at": moment("received_on", "received_time"),
    "variety": "s.variety",
    "quantity": "s.quantity",
    "origin": text("origin"),
    "supplier": text("supplier"),
    "proof": "s.proof",
    "proof_no": text("proof_no"),
    "verdict": "s.verdict",
    "reason": text("reason"),
    "certificate_id": "z.id",
    "is_revoked": "z.revoked_at IS NOT NULL",
    "is_early": "z.issued_on > s.received_on",
    "source_no": "s.source_order",
    "source_order_id": "w.id",
    "lot": "CASE WHEN s.verdict = 'admitted' THEN COALESCE(z.lot, wi.lot) END",
    # What was sold to somebody without a file goes on from whoever that was.
    "giver_holding": "COALESCE(z.holding, wh.id, wi.holding)",
    "giver": "COALESCE(zh.party_id, wh.party_id, wc.party)",
    "is_others": "w.buyer <> c.party AND wm.id IS NULL",
    "to_come": "w.quantity - (SELECT COALESCE(sum(b.quantity), 0) FROM tracing_inorder b "
    "WHERE b.source_order_id = w.id AND b.verdict = 'admitted')",
    "holding": "NULL::bigint",
    "is_new": "t.id IS NULL",
    "left_over": "z.quantity - z.used",
    "is_born": "FALSE",
}


def _more_than(left: str, source: str) -> str:
    """SQL of rows that together take more than is left of what they come from."""
    return (
        f"r.{source} IN (SELECT a.{source} FROM {{table}} a WHERE a.verdict = 'admitted' AND a.is_new "
        f"GROUP BY 1 HAVING sum(a.quantity) > min(a.{left})) AND r.verdict = 'admitted' AND r.is_new"
    )


_FAULTS = (
    *MERCHANT_FAULTS,
    (
        "proof_no", "r.is_revoked AND r.verdict = 'admitted'", "r.proof_no",
        _("合格证已作废"), _("请核对编号；无其他凭证的应拒入或检测"),
    ),
    (
        "source_order", "r.source_no IS NOT NULL AND r.source_order_id IS NULL", "r.source_no",
        _("系统中没有这张出库单"), _("请核对批发市场的出库单号"),
    ),
    (
        "source_order", "r.is_others AND r.is_new", "r.source_no",
        _("这张出库单是卖给别人的"), _("请核对批发市场的出库单号"),
    ),
    (
        "source_order", _more_than("to_come", "source_order_id"), "r.source_no",
        _("入场数量超过这张出库单的数量"), _("请核对数量，或者是否已用这张出库单登记过"),
    ),
    (
        "proof_no", _more_than("left_over", "certificate_id"), "r.proof_no",
        _("合格证数量已用完，或不够本文件中的入场数量"), _("请核对编号和数量"),
    ),
)  # fmt: skip
_DOUBTS = (
    (
        "proof_no", "r.proof = 'certificate' AND r.certificate_id IS NULL", "r.proof_no",
        _("系统中没有这个合格证编号"), _("外地或纸质合格证可以接收，请核对编号"),
    ),
    ("received_on", "r.is_early", "r.received_at", _("入场早于合格证开具日期"), _("请核对两个日期")),
)  # fmt: skip


def _apply(staged: Staged) -> Counts:
    """Varieties, lots, orders, holdings, movements."""
    table, run = begin(staged)
    drawn = Drawn(staged, "tracing_inorder", "trace_movement")
    enter_varieties(run, table)
    _give_lots(run, table)
    new = run(
        "INSERT INTO tracing_inorder (number, market_id, merchant_id, variety_id, received_at, quantity, sold, origin, "
        "supplier, proof, proof_no, certificate_id, source_order_id, verdict, reason, lot, holding, batch, "
        f"{AREA}) "
        "SELECT r.number, r.market_id, r.merchant_id, v.id, r.received_at, r.quantity, 0, r.origin, r.supplier, "
        "r.proof, r.proof_no, r.certificate_id, r.source_order_id, r.verdict, r.reason, r.lot, r.holding, %(batch)s, "
        f"{AREA_OF_ROW} FROM {table} r JOIN tracing_variety v ON v.name = r.variety ORDER BY r.received_at, r.row_no"
    )
    enter_movements(
        run,
        "SELECT r.giver_holding, r.holding, r.received_at, r.quantity, r.giver, r.taker, 2, 1, 'KGM' "
        f"FROM {table} r WHERE r.giver_holding IS NOT NULL AND r.holding IS NOT NULL",
    )
    return drawn.finished(new)


def _give_lots(run: Run, table: str) -> None:
    """Goods with a certificate or from a wholesale market keep their lot; others get one here, and begin here."""
    uri = f"'{LOT}' || r.number"
    run(f"UPDATE {table} r SET is_born = TRUE WHERE r.lot IS NULL AND r.verdict = 'admitted'")
    enter_identifiers(run, f"SELECT {uri} FROM {table} r WHERE r.is_born")
    run(f"UPDATE {table} r SET lot = i.id FROM trace_identifier i WHERE r.is_born AND i.digest = {digest_of(uri)}")
    enter_holdings(
        run,
        "SELECT r.lot, r.taker, r.received_at, CASE WHEN r.is_born THEN r.quantity::float8 END, 'KGM' "
        f"FROM {table} r WHERE r.lot IS NOT NULL",
    )
    run(f"UPDATE {table} r SET holding = h.id FROM trace_holding h WHERE h.lot = r.lot AND h.party_id = r.taker")


IN_ORDERS = ImportSpec(
    key="in_orders",
    title=_("市场入库单"),
    description=_("食用农产品入场查验记录：凭合格证、检测报告或购货凭证准入，无凭证的快检合格才准入，否则拒入"),
    order=265,
    natural_key=("number",),
    roles=ROLES,
    fields=(
        number_field(_("入库单号")),
        *MERCHANT,
        ImportField("received_on", _("入场日期"), "date", required=True),
        time_field("received_time", _("入场时间")),
        ImportField("variety", _("品种"), required=True, max_length=60),
        kilos_field(),
        ImportField("origin", _("产地"), max_length=120),
        ImportField("supplier", _("供货者"), max_length=120),
        ImportField("proof", _("凭证"), required=True, choices=PROOFS),
        ImportField("proof_no", _("凭证编号"), max_length=60),
        ImportField("verdict", _("查验结论"), choices=VERDICTS, default="admitted"),
        ImportField("reason", _("拒入原因"), max_length=200),
        ImportField("source_order", _("批发出库单号"), max_length=40, hint=_("零售市场：从哪张批发出库单进货")),
    ),
    checks=(
        *checks_of("received_on"),
        SetCheck("proof", "s.proof = 'none' AND s.verdict = 'admitted'", _("没有凭证也没有检测，不能准入"),
                 _("食用农产品市场销售质量安全监督管理办法：检测合格方可入场，否则拒入")),
        SetCheck("proof_no", "s.proof = 'certificate' AND s.proof_no IS NULL", _("凭合格证准入应填编号"), ""),
        SetCheck("reason", "s.verdict = 'refused' AND s.reason IS NULL", _("拒入应写明原因"), ""),
        SetCheck("reason", "s.verdict = 'admitted' AND s.reason IS NOT NULL", _("准入的不填拒入原因"), ""),
    ),
    examine=examining(_COLUMNS, _JOINS, _FAULTS, _DOUBTS),
    apply=_apply,
    parameters=import_parameters,
)  # fmt: skip


def register() -> None:
    """Registers the importer."""
    register_importer(IN_ORDERS)
