"""Batch sheets of kitchens, what went into them, and where they went, as files."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import (
    AREA_OF_ROW,
    NUMBER,
    ROLES,
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
from shian.domains.tracing.queries.kitchens import FORMATS
from shian.domains.tracing.rules.naming import COOKING, OPERATOR, SHEET
from shian.engine.trace.actions.drawing import (
    AREA,
    digest_of,
    enter_holdings,
    enter_identifiers,
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

_KINDS = ", ".join(f"'{each}'" for each in FORMATS)
_SHEET_COLUMNS = {
    "number": "s.number", "operator_code": "s.operator_code", "operator_id": "o.id",
    "is_kitchen": f"o.format IN ({_KINDS})", "in_reach": in_reach("o"),
    **area_of("o"), "dish": "s.dish", "quantity": "s.quantity",
    "portions": "s.portions", "cooked_at": moment("cooked_on", "cooked_time"), "core": "s.core", "sample": "s.sample",
    "sample_hours": "s.sample_hours", "is_new": "t.id IS NULL",
}  # fmt: skip
_SHEET_JOINS = (
    "LEFT JOIN operators_operator o ON o.code = s.operator_code LEFT JOIN tracing_kitchensheet t ON t.number = s.number"
)
_SHEET_FAULTS: tuple[Fault, ...] = (
    (
        "operator_code", "r.is_kitchen IS NOT TRUE", "r.operator_code",
        _("不是中央厨房或者集体用餐配送单位"), _("请核对主体编号和业态"),
    ),
    foreign_operator("operator_code", "operator_id"),
)  # fmt: skip


def _apply_sheets(staged: Staged) -> Counts:
    """Each cooking is a holding of its own that leads to its dish."""
    table, run = begin(staged)
    drawn = Drawn(staged, "tracing_kitchensheet", "trace_movement")
    areas = AREA_OF_ROW
    firm = f"'{OPERATOR}' || r.operator_code"
    enter_parties(run, f"SELECT {firm}, r.operator_id, {areas} FROM {table} r")
    party = (
        f"{table} r JOIN trace_identifier f ON f.digest = {digest_of(firm)} JOIN trace_party p ON p.identifier = f.id"
    )
    found = party
    for alias, stem in (("i", SHEET), ("w", COOKING)):
        uri = f"'{stem}' || r.number"
        enter_identifiers(run, f"SELECT {uri} FROM {table} r")
        found += f" JOIN trace_identifier {alias} ON {alias}.digest = {digest_of(uri)}"
    for alias in ("i", "w"):
        enter_holdings(run, f"SELECT {alias}.id, p.id::integer, r.cooked_at, NULL::float8, 'KGM' FROM {found}")
    both = (
        f"{found} JOIN trace_holding h ON h.lot = i.id AND h.party_id = p.id "
        "JOIN trace_holding k ON k.lot = w.id AND k.party_id = p.id"
    )
    new = run(
        "INSERT INTO tracing_kitchensheet (number, operator_id, dish, quantity, portions, sent, cooked_at, core, "
        f"sample, sample_until, holding, batch, {AREA}) SELECT r.number, r.operator_id, r.dish, r.quantity, "
        "r.portions, 0, r.cooked_at, r.core, r.sample, CASE WHEN r.sample > 0 THEN r.cooked_at + "
        f"make_interval(hours => r.sample_hours::int) END, h.id, %(batch)s, {areas} FROM {both} "
        "ORDER BY r.cooked_at, r.row_no"
    )
    enter_movements(
        run,
        f"SELECT k.id, h.id, r.cooked_at, r.quantity::float8, p.id::integer, p.id::integer, 4, 1, 'KGM' FROM {both}",
    )
    return drawn.finished(new)


SHEETS = ImportSpec(
    key="kitchen_sheets",
    title=_("加工批次单"),
    description=_("中央厨房和集体用餐配送单位的加工批次，每锅一行"),
    order=271,
    natural_key=("number",),
    roles=ROLES,
    fields=(
        number_field(_("批次单号")),
        ImportField("operator_code", _("主体编号"), required=True, max_length=40),
        ImportField("dish", _("品名"), required=True, max_length=60),
        ImportField("quantity", _("产出"), "number", required=True, minimum=0, maximum=1_000_000, unit=_("千克")),
        ImportField("portions", _("份数"), "integer", required=True, minimum=1, maximum=1_000_000),
        ImportField("cooked_on", _("烧熟日期"), "date", required=True),
        time_field("cooked_time", _("烧熟时间")),
        ImportField("core", _("中心温度"), "number", required=True, minimum=-30, maximum=300, unit="℃"),
        ImportField("sample", _("留样量"), "integer", minimum=0, maximum=10_000, default="0", unit=_("克")),
        ImportField("sample_hours", _("留样时长"), "integer", minimum=0, maximum=720, default="48", unit=_("小时")),
    ),
    checks=(*checks_of("cooked_on"),),
    examine=examining(_SHEET_COLUMNS, _SHEET_JOINS, _SHEET_FAULTS),
    apply=_apply_sheets,
    parameters=import_parameters,
)
_INPUT_COLUMNS = {
    "sheet_no": "s.sheet_no", "sheet_id": "e.id", "in_reach": in_reach("e"), "operator_id": "e.operator_id",
    "cooked_at": "e.cooked_at", "name": "s.name", "quantity": "s.quantity", "out_order": "s.out_order",
    "out_order_id": "t.id", "is_own": "p.operator_id = e.operator_id", "bought": "t.quantity", "lot": "i.lot",
    "party": "t.buyer", "code": "s.code", "stock_id": "c.id", "state": "b.state", "rest": "c.received - c.sent",
    "stock_holding": "c.holding", "supplier": text("supplier"), "lot_no": text("lot_no"),
    "is_new": "NOT EXISTS (SELECT 1 FROM tracing_kitcheninput x WHERE x.sheet_id = e.id AND x.name = s.name "
              "AND x.lot_no = COALESCE(s.lot_no, '') AND x.supplier = COALESCE(s.supplier, '') "
              "AND x.out_order_id IS NOT DISTINCT FROM t.id AND x.stock_id IS NOT DISTINCT FROM c.id)",
}  # fmt: skip
_INPUT_JOINS = (
    "LEFT JOIN tracing_kitchensheet e ON e.number = s.sheet_no LEFT JOIN tracing_outorder t ON t.number = s.out_order "
    "LEFT JOIN trace_party p ON p.id = t.buyer LEFT JOIN tracing_inorder i ON i.id = t.in_order_id "
    "LEFT JOIN tracing_coldbatch b ON b.code = s.code "
    "LEFT JOIN tracing_coldstock c ON c.cold_batch_id = b.id AND c.operator_id = e.operator_id"
)
_INPUT_FAULTS: tuple[Fault, ...] = (
    ("sheet_no", "r.sheet_id IS NULL", "r.sheet_no", _("系统中没有这张批次单"), _("请先导入加工批次单")),
    foreign_operator("sheet_no", "sheet_id"),
    (
        "out_order", "r.out_order IS NOT NULL AND r.is_own IS NOT TRUE", "r.out_order",
        _("不是该单位购进的市场出库单"), _("请核对出库单号"),
    ),
    (
        "out_order", ("r.out_order_id IN (SELECT x.out_order_id FROM (SELECT out_order_id, quantity FROM "
        "tracing_kitcheninput UNION ALL SELECT out_order_id, quantity FROM {table} WHERE is_new) x GROUP BY 1 HAVING "
        "sum(x.quantity) > (SELECT o.quantity FROM tracing_outorder o WHERE o.id = x.out_order_id))"), "r.out_order",
        _("投入多于购进"), _("请核对数量"),
    ),
    (
        "code", "r.code IS NOT NULL AND r.stock_id IS NULL", "r.code",
        _("该单位没有这个追溯码的货物"), _("请先导入进口冷链出库单"),
    ),
    ("code", "r.state <> 'released'", "r.code", _("没有放行编号的货物不能使用"), _("请先查验放行")),
    (
        "code", ("r.is_new AND r.stock_id IN (SELECT x.stock_id FROM {table} x WHERE x.is_new GROUP BY 1 HAVING "
        "sum(x.quantity) > min(x.rest))"), "r.code", _("投入多于库存"), _("请核对数量"),
    ),
)  # fmt: skip


def _apply_inputs(staged: Staged) -> Counts:
    """Inputs lead to their cooking as far as their lots are known."""
    table, run = begin(staged)
    drawn = Drawn(staged, "tracing_kitcheninput", "trace_movement")
    new = run(
        "INSERT INTO tracing_kitcheninput (sheet_id, name, quantity, out_order_id, stock_id, supplier, lot_no) "
        "SELECT r.sheet_id, r.name, r.quantity, r.out_order_id, r.stock_id, r.supplier, r.lot_no "
        f"FROM {table} r ORDER BY r.row_no"
    )
    uri = f"'{COOKING}' || r.sheet_no"
    enter_movements(
        run,
        "SELECT COALESCE(r.stock_holding, g.id), w.id, r.cooked_at, r.quantity::float8, w.party_id::integer, "
        f"w.party_id::integer, 3, 1, 'KGM' FROM {table} r JOIN trace_identifier i ON i.digest = {digest_of(uri)} "
        "JOIN trace_holding w ON w.lot = i.id LEFT JOIN trace_holding g ON g.lot = r.lot AND g.party_id = r.party "
        "WHERE COALESCE(r.stock_holding, g.id) IS NOT NULL",
    )
    return drawn.finished(new)


INPUTS = ImportSpec(
    key="kitchen_inputs",
    title=_("加工投料"),
    description=_("每张批次单用了哪些原料：市场出库单、进口冷链追溯码，或者供货者和批号，三者填一项"),
    order=272,
    natural_key=("sheet_no", "name", "out_order", "code", "supplier", "lot_no"),
    roles=ROLES,
    fields=(
        ImportField("sheet_no", _("批次单号"), required=True, max_length=40, pattern=NUMBER),
        ImportField("name", _("原料"), required=True, max_length=60),
        kilos_field(1_000_000),
        ImportField("out_order", _("市场出库单号"), max_length=40),
        ImportField("code", _("追溯码"), max_length=40),
        ImportField("supplier", _("供货者"), max_length=120),
        ImportField("lot_no", _("批号或生产日期"), max_length=60),
    ),
    checks=(
        SetCheck("quantity", "s.quantity = 0", _("数量应大于 0"), _("请核对数量")),
        SetCheck("supplier", "num_nonnulls(s.out_order, s.code, s.supplier) <> 1",
                 _("来源应填一项：市场出库单号、追溯码或者供货者"), ""),
    ),
    examine=examining(_INPUT_COLUMNS, _INPUT_JOINS, _INPUT_FAULTS),
    apply=_apply_inputs,
    parameters=import_parameters,
)  # fmt: skip
_DISPATCH_COLUMNS = {
    "number": "s.number", "sheet_no": "s.sheet_no", "sheet_id": "e.id", "in_reach": in_reach("e"),
    "cooked_at": "e.cooked_at", "holding": "e.holding", "kilos": "round(e.quantity * s.portions / e.portions, 2)",
    "seller": "g.party_id", "lot": "g.lot", "rest": "e.portions - e.sent", "receiver_code": "s.receiver_code",
    "receiver_id": "o.id", "is_self": "o.id = e.operator_id", **area_of("o"),
    "portions": "s.portions", "left_at": moment("left_on", "left_time"), "left_celsius": "s.left_celsius",
    "arrived_at": f"CASE WHEN s.arrived_on IS NOT NULL THEN {moment('arrived_on', 'arrived_time')} END",
    "arrived_celsius": "s.arrived_celsius", "is_sample_kept": "s.is_sample_kept", "is_new": "t.id IS NULL",
}  # fmt: skip
_DISPATCH_JOINS = (
    "LEFT JOIN tracing_kitchensheet e ON e.number = s.sheet_no LEFT JOIN trace_holding g ON g.id = e.holding "
    "LEFT JOIN operators_operator o ON o.code = s.receiver_code "
    "LEFT JOIN tracing_kitchendispatch t ON t.number = s.number"
)
_DISPATCH_FAULTS: tuple[Fault, ...] = (
    *_INPUT_FAULTS[:2],
    unknown_operator("receiver_code", "receiver_id"),
    ("receiver_code", "r.is_self", "r.receiver_code", _("收餐单位不能是自己"), _("请核对编号")),
    ("left_time", "r.left_at < r.cooked_at", "r.left_at", _("发出时间早于烧熟时间"), _("请核对两个时间")),
    ("arrived_time", "r.arrived_at < r.left_at", "r.arrived_at", _("送达时间早于发出时间"), _("请核对两个时间")),
    (
        "portions", ("r.is_new AND r.sheet_id IN (SELECT x.sheet_id FROM {table} x WHERE x.is_new GROUP BY 1 HAVING "
        "sum(x.portions) > min(x.rest))"), "r.portions", _("配送多于做出的份数"), _("请核对份数"),
    ),
)  # fmt: skip


def _apply_dispatches(staged: Staged) -> Counts:
    """Portions with their share of the dish's weight."""
    table, run = begin(staged)
    drawn = Drawn(staged, "tracing_kitchendispatch", "trace_movement")
    areas = AREA_OF_ROW
    firm = f"'{OPERATOR}' || r.receiver_code"
    enter_parties(run, f"SELECT {firm}, r.receiver_id, {areas} FROM {table} r")
    there = (
        f"{table} r JOIN trace_identifier f ON f.digest = {digest_of(firm)} JOIN trace_party p ON p.identifier = f.id"
    )
    enter_holdings(run, f"SELECT r.lot, p.id::integer, r.left_at, NULL::float8, 'KGM' FROM {there}")
    new = run(
        "INSERT INTO tracing_kitchendispatch (number, sheet_id, receiver_id, portions, left_at, left_celsius, "
        "arrived_at, arrived_celsius, is_sample_kept, batch) SELECT r.number, r.sheet_id, r.receiver_id, r.portions, "
        "r.left_at, r.left_celsius, r.arrived_at, r.arrived_celsius, r.is_sample_kept, %(batch)s "
        f"FROM {table} r ORDER BY r.left_at, r.row_no"
    )
    enter_movements(
        run,
        "SELECT r.holding, h.id, r.left_at, r.kilos::float8, r.seller::integer, p.id::integer, 1, 1, 'KGM' "
        f"FROM {there} JOIN trace_holding h ON h.lot = r.lot AND h.party_id = p.id",
    )
    return drawn.finished(new)


DISPATCHES = ImportSpec(
    key="kitchen_dispatches",
    title=_("供餐配送单"),
    description=_("每个收餐单位一行：发出和送达的时间、温度，收餐单位是否留样"),
    order=273,
    natural_key=("number",),
    roles=ROLES,
    fields=(
        number_field(_("配送单号")),
        ImportField("sheet_no", _("批次单号"), required=True, max_length=40, pattern=NUMBER),
        ImportField("receiver_code", _("收餐主体编号"), required=True, max_length=40),
        ImportField("portions", _("份数"), "integer", required=True, minimum=1, maximum=1_000_000),
        ImportField("left_on", _("发出日期"), "date", required=True),
        time_field("left_time", _("发出时间")),
        ImportField("left_celsius", _("发出温度"), "number", required=True, minimum=-30, maximum=300, unit="℃"),
        ImportField("arrived_on", _("送达日期"), "date"),
        time_field("arrived_time", _("送达时间")),
        ImportField("arrived_celsius", _("送达温度"), "number", minimum=-30, maximum=300, unit="℃"),
        ImportField("is_sample_kept", _("已留样"), "boolean"),
    ),
    checks=(
        SetCheck("left_on", "s.left_on > %(today)s::date", _("日期在今天以后"), _("请核对日期")),
        SetCheck("arrived_on", "num_nulls(s.arrived_on, s.arrived_celsius, s.is_sample_kept) NOT IN (0, 3)",
                 _("送达日期、温度和留样应同时填写"), ""),
    ),
    examine=examining(_DISPATCH_COLUMNS, _DISPATCH_JOINS, _DISPATCH_FAULTS),
    apply=_apply_dispatches,
    parameters=import_parameters,
)  # fmt: skip


def register() -> None:
    """Registers the importers of sheets, inputs and dispatches."""
    for each in (SHEETS, INPUTS, DISPATCHES):
        register_importer(each)
