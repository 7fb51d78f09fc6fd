"""What left stocks of imported food, as a file. Nothing that was not released, nothing beyond what came in."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.coldbatches import unit_sql
from shian.domains.tracing.imports.orders import (
    NUMBER,
    ROLES,
    UNKNOWN_STORE,
    Drawn,
    Fault,
    area_of,
    begin,
    checks_of,
    examining,
    foreign_operator,
    import_parameters,
    in_reach,
    kilos_field,
    moment,
    number_field,
    time_field,
    unknown_operator,
)
from shian.domains.tracing.rules.naming import OPERATOR
from shian.engine.trace.actions.drawing import (
    AREA,
    digest_of,
    enter_holdings,
    enter_movements,
    enter_parties,
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

_JOINS = (
    "LEFT JOIN tracing_coldbatch b ON b.code = s.code LEFT JOIN operators_operator o ON o.code = s.seller_code "
    "LEFT JOIN operators_operator q ON q.code = s.buyer_code LEFT JOIN tracing_coldstore w ON w.code = s.store_code "
    "LEFT JOIN tracing_coldmove t ON t.number = s.number"
)
_COLUMNS = {
    "number": "s.number",
    "code": "s.code",
    "cold_batch_id": "b.id",
    "state": "b.state",
    "lot": "b.lot",
    "seller_code": "s.seller_code",
    "seller_id": "o.id",
    "in_reach": in_reach("o"),
    "buyer_code": "s.buyer_code",
    "buyer_id": "q.id",
    "is_unit": unit_sql("s.buyer_code", "s.sent_on"),
    "store_code": "s.store_code",
    "store_id": "w.id",
    "at": moment("sent_on", "sent_time"),
    "quantity": "s.quantity",
    "plate": text("plate"),
    "is_new": "t.id IS NULL",
}
# Of each batch and holder: what it has, and what the file brings it, against what the file takes from it.
_OVERDRAWN = (
    "r.is_new AND (r.cold_batch_id, r.seller_id) IN (SELECT x.cold_batch_id, x.holder FROM ("
    "SELECT cold_batch_id, operator_id AS holder, received - sent AS rest FROM tracing_coldstock "
    "UNION ALL SELECT cold_batch_id, buyer_id, quantity FROM {table} WHERE is_new AND buyer_id IS NOT NULL "
    "UNION ALL SELECT cold_batch_id, seller_id, -quantity FROM {table} WHERE is_new) x "
    "GROUP BY 1, 2 HAVING sum(x.rest) < 0)"
)
_FAULTS: tuple[Fault, ...] = (
    ("code", "r.cold_batch_id IS NULL", "r.code", _("系统中没有这个追溯码"), _("请先导入批次，或者核对追溯码")),
    (
        "code", "r.cold_batch_id IS NOT NULL AND r.state <> 'released'", "r.code",
        _("没有放行编号的货物不能出库"), _("请先在集中监管仓查验放行"),
    ),
    unknown_operator("seller_code", "seller_id"),
    foreign_operator("seller_code", "seller_id"),
    ("quantity", _OVERDRAWN, "r.quantity", _("出库多于入库结余"), _("请核对数量，或者先导入上一手的出库单")),
    (
        "buyer_code", "r.buyer_code IS NOT NULL AND (r.buyer_id IS NULL OR NOT r.is_unit)", "r.buyer_code",
        _("购货单位未纳入进口冷链追溯"), _("请先登记；零售或者自用时留空"),
    ),
    UNKNOWN_STORE,
)  # fmt: skip


def _apply(staged: Staged) -> Counts:
    """Buyers' stocks first, then what moved: the database adds up. A file that is taken back
    leaves the stocks that it opened, empty."""
    table, run = begin(staged)
    drawn = Drawn(staged, "tracing_coldmove", "trace_movement")
    areas = ", ".join(area_of("q").values())
    buyer = f"{table} r JOIN operators_operator q ON q.id = r.buyer_id"
    uri = f"'{OPERATOR}' || q.code"
    enter_parties(run, f"SELECT {uri}, q.id, {areas} FROM {buyer}")
    there = f"{buyer} JOIN trace_identifier i ON i.digest = {digest_of(uri)} JOIN trace_party p ON p.identifier = i.id"
    enter_holdings(run, f"SELECT r.lot, p.id::integer, r.at, NULL::float8, 'KGM' FROM {there}")
    run(
        "INSERT INTO tracing_coldstock (cold_batch_id, operator_id, store_id, first_at, begun, received, sent, "
        f"holding, {AREA}) SELECT DISTINCT ON (r.cold_batch_id, q.id) r.cold_batch_id, q.id, r.store_id, r.at, 0, 0, "
        f"0, h.id, {areas} FROM {there} JOIN trace_holding h ON h.lot = r.lot AND h.party_id = p.id "
        "ORDER BY r.cold_batch_id, q.id, r.at ON CONFLICT (cold_batch_id, operator_id) DO NOTHING"
    )
    ends = (
        f"{table} r JOIN tracing_coldstock a ON a.cold_batch_id = r.cold_batch_id AND a.operator_id = r.seller_id "
        "LEFT JOIN tracing_coldstock z ON z.cold_batch_id = r.cold_batch_id AND z.operator_id = r.buyer_id"
    )
    new = run(
        "INSERT INTO tracing_coldmove (number, source_id, target_id, quantity, at, plate, batch) "
        f"SELECT r.number, a.id, z.id, r.quantity, r.at, r.plate, %(batch)s FROM {ends} ORDER BY r.at, r.row_no"
    )
    enter_movements(
        run,
        "SELECT a.holding, z.holding, r.at, r.quantity::float8, ha.party_id::integer, hz.party_id::integer, 1, 1, "
        f"'KGM' FROM {ends} JOIN trace_holding ha ON ha.id = a.holding JOIN trace_holding hz ON hz.id = z.holding",
    )
    return drawn.finished(new)


MOVES = ImportSpec(
    key="cold_moves",
    title=_("进口冷链出库单"),
    description=_("进口冷链批次的出库；购货主体编号留空的是零售或者自用"),
    order=270,
    natural_key=("number",),
    roles=ROLES,
    fields=(
        number_field(_("出库单号")),
        ImportField("code", _("追溯码"), required=True, max_length=40, pattern=NUMBER),
        ImportField("seller_code", _("出库主体编号"), required=True, max_length=40),
        ImportField("buyer_code", _("购货主体编号"), max_length=40),
        ImportField("store_code", _("存入冷藏点编号"), max_length=40),
        kilos_field(),
        ImportField("sent_on", _("出库日期"), "date", required=True),
        time_field("sent_time", _("出库时间")),
        ImportField("plate", _("运输车牌"), max_length=20),
    ),
    checks=(
        *checks_of("sent_on"),
        SetCheck("buyer_code", "s.buyer_code = s.seller_code", _("购货单位不能是自己"), _("请核对编号")),
    ),
    examine=examining(_COLUMNS, _JOINS, _FAULTS),
    apply=_apply,
    parameters=import_parameters,
)


def register() -> None:
    """Registers the importer."""
    register_importer(MOVES)
