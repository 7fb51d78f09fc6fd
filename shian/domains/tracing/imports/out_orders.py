"""Out-orders as a file: 2.67 million for a city. Orders, holdings and movements in a few statements over all rows."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import (
    MERCHANT,
    MERCHANT_COLUMNS,
    MERCHANT_FAULTS,
    NUMBER,
    OF_MERCHANT,
    ROLES,
    Drawn,
    area_of,
    begin,
    checks_of,
    examining,
    import_parameters,
    kilos_field,
    moment,
    number_field,
    time_field,
)
from shian.domains.tracing.rules.naming import OPERATOR
from shian.engine.trace.actions.drawing import (
    Run,
    digest_of,
    enter_parties,
    enter_transfers,
)
from shian.engine.trace.models import MovementKind, Ring
from shian.kernel.imports.specs import Counts, ImportField, ImportSpec, Staged, register_importer

_JOINS = (
    f"{OF_MERCHANT} LEFT JOIN tracing_inorder i ON i.number = s.in_order "
    "LEFT JOIN tracing_variety v ON v.name = s.variety "
    "LEFT JOIN operators_operator o ON o.code = s.buyer_code "
    "LEFT JOIN tracing_outorder t ON t.number = s.number "
    # Of millions of orders those between the file's first and last number are read, which mostly are none.
    'AND t.number BETWEEN (SELECT min(a.number COLLATE "C") FROM {staging} a) '
    'AND (SELECT max(a.number COLLATE "C") FROM {staging} a)'
)
_COLUMNS = MERCHANT_COLUMNS | {
    "seller": "c.party",
    "walk_in": "m.walk_in",
    "number": "s.number",
    "sold_at": moment("sold_on", "sold_time"),
    "quantity": "s.quantity",
    "in_order": "s.in_order",
    "in_order_id": "i.id",
    "is_own": "i.merchant_id = c.id AND i.verdict = 'admitted'",
    "received_at": "i.received_at",
    "lot": "i.lot",
    "holding": "i.holding",
    "variety": "s.variety",
    "variety_id": "COALESCE(i.variety_id, v.id)",
    "keeps_days": "v.keeps_days",
    "buyer_code": "s.buyer_code",
    "operator_id": "o.id",
    "buyer_name": "COALESCE(s.buyer_name, '')",
    "is_new": "t.id IS NULL",
}
_FAULTS = (
    *MERCHANT_FAULTS,
    (
        "in_order", "r.in_order IS NOT NULL AND r.in_order_id IS NULL", "r.in_order",
        _("系统中没有这张入库单"), _("请先导入入库单；批次不明时留空"),
    ),
    (
        "in_order", "r.in_order_id IS NOT NULL AND r.merchant_id IS NOT NULL AND NOT r.is_own", "r.in_order",
        _("不是该商户准入的入库单"), _("请核对入库单号"),
    ),
    (
        "variety", "r.variety_id IS NULL AND r.in_order IS NULL", "r.variety",
        _("入库单和品种至少填一项，且品种应已有入库"), _("请填写入库单号或者核对品种"),
    ),
    (
        "buyer_code", "r.buyer_code IS NOT NULL AND r.operator_id IS NULL", "r.buyer_code",
        _("系统中没有这个主体编号"), _("没有编号的购货者请只填名称"),
    ),
)  # fmt: skip
_DOUBTS = (
    (
        "sold_on", "r.sold_at < r.received_at", "r.sold_at",
        _("销售时间早于入场时间"), _("请核对两个时间"),
    ),
)  # fmt: skip
MANY = 10_000
BUYER = "COALESCE(b.party, r.walk_in)"
_SENT = int(MovementKind.SENT)


def _apply(staged: Staged) -> Counts:
    """Orders first, a merchant's together, so that indexes grow in few places; then who holds what, and what moved."""
    table, run = begin(staged)
    drawn = Drawn(staged, "tracing_outorder", "trace_movement")
    _enter_buyers(run, table)
    rows = f"{table} r LEFT JOIN {table}_buyers b ON b.operator_id = r.operator_id"
    new = run(
        "INSERT INTO tracing_outorder (number, sold_at, in_order_id, market_id, merchant_id, variety_id, buyer, "
        "quantity, buyer_name, batch) SELECT number, sold_at, in_order_id, market_id, merchant_id, variety_id, "
        f"{BUYER}, quantity, buyer_name, %(batch)s FROM {rows} ORDER BY r.merchant_id, r.sold_at, r.row_no"
    )
    enter_transfers(run, f"{_confirmed(rows)} UNION ALL {_possible(rows)}")
    if new > MANY:  # a look that the server takes by itself before the end misses these rows
        run("SELECT tracing_analyse()")
    return drawn.finished(new)


def _enter_buyers(run: Run, table: str) -> None:
    """A table of the buyers' parties by operator; who has no file is whoever walked into the market."""
    areas = area_of("o")
    run(f"DROP TABLE IF EXISTS {table}_operators, {table}_buyers")
    run(
        f"CREATE TEMPORARY TABLE {table}_operators ON COMMIT DROP AS SELECT '{OPERATOR}' || o.code AS uri, "
        f"o.id AS operator_id, {', '.join(areas.values())} FROM operators_operator o "
        f"WHERE o.id IN (SELECT r.operator_id FROM {table} r)"
    )
    enter_parties(run, f"SELECT uri, operator_id, {', '.join(areas)} FROM {table}_operators")
    run(
        f"CREATE TEMPORARY TABLE {table}_buyers ON COMMIT DROP AS SELECT o.operator_id, p.id AS party "
        f"FROM {table}_operators o JOIN trace_identifier i ON i.digest = {digest_of('o.uri')} "
        "JOIN trace_party p ON p.identifier = i.id"
    )
    run(f"ANALYZE {table}_buyers")


def _confirmed(rows: str) -> str:
    """An order that names its lot."""
    return (
        f"SELECT r.lot, r.holding, r.sold_at, r.quantity::float8, r.seller, {BUYER}, {_SENT}, {int(Ring.CONFIRMED)}, "
        f"'KGM' FROM {rows} WHERE r.lot IS NOT NULL"
    )


def _possible(rows: str) -> str:
    """An order without its lot may have come from whatever the merchant got of the variety while it keeps. OFFSET 0:
    who the buyers are is settled first, for how many lots there are to choose from nobody can estimate."""
    unknown = f"SELECT r.*, {BUYER} AS buyer FROM {rows} WHERE r.in_order_id IS NULL OFFSET 0"
    return (
        f"SELECT i.lot, i.holding, r.sold_at, NULL, r.seller, r.buyer, {_SENT}, {int(Ring.POSSIBLE)}, 'KGM' "
        f"FROM ({unknown}) r JOIN tracing_inorder i ON i.merchant_id = r.merchant_id AND i.variety_id = r.variety_id "
        "AND i.received_at <= r.sold_at AND i.received_at >= r.sold_at - make_interval(days => r.keeps_days) "
        "AND i.verdict = 'admitted'"
    )


OUT_ORDERS = ImportSpec(
    key="out_orders",
    title=_("市场出库单"),
    description=_("入场商户的销售记录：有入库单号的按批次追溯，没有的按商户、品种和周转天数推断，两者分开统计"),
    order=266,
    natural_key=("number",),
    roles=ROLES,
    fields=(
        number_field(_("出库单号")),
        *MERCHANT,
        ImportField("in_order", _("入库单号"), max_length=40, pattern=NUMBER, hint=_("卖的是哪一批；不明时留空")),
        ImportField("variety", _("品种"), max_length=60, hint=_("填了入库单号时可以留空")),
        ImportField("sold_on", _("销售日期"), "date", required=True),
        time_field("sold_time", _("销售时间")),
        ImportField("buyer_code", _("购货主体编号"), max_length=40),
        ImportField("buyer_name", _("购货者名称"), max_length=120),
        kilos_field(1_000_000),
    ),
    checks=checks_of("sold_on"),
    examine=examining(_COLUMNS, _JOINS, _FAULTS, _DOUBTS),
    apply=_apply,
    parameters=import_parameters,
)


def register() -> None:
    """Registers the importer."""
    register_importer(OUT_ORDERS)
