"""Batches of imported food as a file: what the provincial platform or another city's warehouse coded and released."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import (
    AREA_OF_ROW,
    NUMBER,
    NUMBER_HINT,
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
    time_field,
    unknown_operator,
)
from shian.domains.tracing.queries.coldunits import ROSTER
from shian.domains.tracing.rules.naming import COLD, OPERATOR
from shian.engine.trace.actions.drawing import (
    AREA,
    digest_of,
    enter_holdings,
    enter_identifiers,
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

TEXTS = ("hs_code", "spec", "brand", "producer_no", "port", "nucleic_no", "disinfection_no", "plate", "position")
PLAIN = (
    "code", "name", "country", "lot_no", "made_on", "expires_on", "quantity", "boxes", "declaration_no",
    "quarantine_no", "importer", "samples",
)  # fmt: skip
STEPS = ("announced_at", "arrived_at", "decided_at", "release_no", "hold_reason", "state")


def unit_sql(code: str, day: str) -> str:
    """SQL: does the operator of that code take part in the tracing of imported food on the day?"""
    return (
        f"EXISTS (SELECT 1 FROM ledgers_ledgerrow l WHERE l.ledger = '{ROSTER}' AND l.operator_code = {code} "
        f"AND l.valid_from <= {day} AND (l.valid_to IS NULL OR l.valid_to > {day}))"
    )


_COLUMNS = {
    **{name: f"s.{name}" for name in PLAIN},
    **{name: text(name) for name in TEXTS},
    "operator_code": "s.operator_code",
    "operator_id": "o.id",
    **area_of("o"),
    "in_reach": in_reach("o"),
    "is_unit": unit_sql("s.operator_code", "s.announced_on"),
    "store_code": "s.store_code",
    "store_id": "w.id",
    "store_kind": "w.kind",
    "announced_at": moment("announced_on", "announced_time"),
    "arrived_at": f"CASE WHEN s.arrived_on IS NOT NULL THEN {moment('arrived_on', 'arrived_time')} END",
    "decided_at": f"CASE WHEN s.decided_on IS NOT NULL THEN {moment('decided_on', 'decided_time')} END",
    "release_no": text("release_no"),
    "hold_reason": text("hold_reason"),
    "state": "CASE WHEN s.release_no IS NOT NULL THEN 'released' WHEN s.hold_reason IS NOT NULL THEN 'held' "
    "WHEN s.arrived_on IS NOT NULL THEN 'arrived' ELSE 'announced' END",
    "is_new": "t.id IS NULL",
    "is_taken": "EXISTS (SELECT 1 FROM tracing_coldbatch x WHERE x.release_no = s.release_no AND x.code <> s.code "
    "AND x.parent_id IS NULL)",
}
_JOINS = (
    "LEFT JOIN operators_operator o ON o.code = s.operator_code "
    "LEFT JOIN tracing_coldstore w ON w.code = s.store_code LEFT JOIN tracing_coldbatch t ON t.code = s.code"
)
_FAULTS: tuple[Fault, ...] = (
    unknown_operator("operator_code", "operator_id"),
    foreign_operator("operator_code", "operator_id"),
    (
        "operator_code", "r.operator_id IS NOT NULL AND NOT r.is_unit", "r.operator_code",
        _("该主体未纳入进口冷链追溯"), _("请先在“进口冷链追溯单位台账”中登记"),
    ),
    UNKNOWN_STORE,
    ("store_code", "r.store_kind <> 'supervised'", "r.store_code", _("不是集中监管仓"), _("请核对冷藏点编号")),
    ("release_no", "r.is_taken", "r.release_no", _("放行编号已用于另一批"), _("请核对放行编号")),
)  # fmt: skip


def _apply(staged: Staged) -> Counts:
    """Batches; those that arrived stand in their first station's hands."""
    table, run = begin(staged)
    drawn = Drawn(staged, "tracing_coldbatch", "tracing_coldstock")
    uri, firm = f"'{COLD}' || r.code", f"'{OPERATOR}' || r.operator_code"
    areas = AREA_OF_ROW
    enter_parties(run, f"SELECT {firm}, r.operator_id, {areas} FROM {table} r")
    enter_identifiers(run, f"SELECT {uri} FROM {table} r WHERE r.arrived_at IS NOT NULL")
    named = ", ".join(
        [*PLAIN, *TEXTS, "announced_at", "arrived_at", "decided_at", "release_no", "hold_reason", "state"]
    )
    told = ", ".join(f"r.{each}" for each in named.split(", "))
    lot = f"LEFT JOIN trace_identifier i ON i.digest = {digest_of(uri)}"
    new = run(
        f"INSERT INTO tracing_coldbatch ({named}, token, operator_id, store_id, lot, batch, {AREA}) SELECT {told}, "
        "left(replace(gen_random_uuid()::text, '-', ''), 16), r.operator_id, r.store_id, i.id, %(batch)s, "
        f"{areas} FROM {table} r {lot} ORDER BY r.announced_at, r.row_no"
    )
    held = (
        f"FROM {table} r JOIN trace_identifier i ON i.digest = {digest_of(uri)} JOIN trace_identifier f "
        f"ON f.digest = {digest_of(firm)} JOIN trace_party p ON p.identifier = f.id WHERE r.arrived_at IS NOT NULL"
    )
    enter_holdings(run, f"SELECT i.id, p.id::integer, r.arrived_at, r.quantity::float8, 'KGM' {held}")
    run(
        "INSERT INTO tracing_coldstock (cold_batch_id, operator_id, store_id, first_at, begun, received, sent, "
        f"holding, {AREA}) SELECT b.id, r.operator_id, r.store_id, r.arrived_at, r.quantity, r.quantity, 0, h.id, "
        f"{areas} FROM {table} r JOIN tracing_coldbatch b ON b.code = r.code "
        f"JOIN trace_identifier f ON f.digest = {digest_of(firm)} JOIN trace_party p ON p.identifier = f.id "
        "JOIN trace_holding h ON h.lot = b.lot AND h.party_id = p.id ORDER BY b.id"
    )
    return drawn.finished(new)


BATCHES = ImportSpec(
    key="cold_batches",
    title=_("进口冷链批次"),
    description=_("已在其他系统赋码的进口冷链批次，连同到仓、查验和放行"),
    order=269,
    natural_key=("code",),
    roles=ROLES,
    fields=(
        ImportField("code", _("追溯码"), required=True, max_length=40, pattern=NUMBER, pattern_hint=NUMBER_HINT),
        ImportField("operator_code", _("首站主体编号"), required=True, max_length=40),
        ImportField("name", _("品名"), required=True, max_length=80),
        kilos_field(),
        ImportField("boxes", _("箱数"), "integer", minimum=1, maximum=1_000_000),
        ImportField("country", _("原产国（地区）"), required=True, max_length=40),
        ImportField("lot_no", _("生产批号"), required=True, max_length=60),
        ImportField("made_on", _("生产日期"), "date"),
        ImportField("expires_on", _("保质期至"), "date"),
        ImportField("hs_code", _("HS 编码"), pattern=r"\d{8,10}", pattern_hint=_("8 至 10 位数字")),
        ImportField("spec", _("规格"), max_length=60),
        ImportField("brand", _("品牌"), max_length=60),
        ImportField("producer_no", _("境外生产企业注册号"), max_length=60),
        ImportField("port", _("入境口岸"), max_length=60),
        ImportField("declaration_no", _("报关单号"), required=True, max_length=40),
        ImportField("quarantine_no", _("入境货物检验检疫证明号"), required=True, max_length=40),
        ImportField("nucleic_no", _("核酸检测证明号"), max_length=40),
        ImportField("disinfection_no", _("消毒证明号"), max_length=40),
        ImportField("importer", _("进口商"), required=True, max_length=120),
        ImportField("plate", _("运输车牌"), max_length=20),
        ImportField("announced_on", _("报备日期"), "date", required=True),
        time_field("announced_time", _("报备时间")),
        ImportField("store_code", _("集中监管仓编号"), max_length=40),
        ImportField("position", _("库位"), max_length=40),
        ImportField("arrived_on", _("到仓日期"), "date"),
        time_field("arrived_time", _("到仓时间")),
        ImportField("samples", _("抽样份数"), "integer", minimum=0, maximum=999, default="0"),
        ImportField("release_no", _("放行编号"), max_length=40, pattern=NUMBER, pattern_hint=NUMBER_HINT),
        ImportField("hold_reason", _("暂扣原因"), max_length=200),
        ImportField("decided_on", _("放行或暂扣日期"), "date"),
        time_field("decided_time", _("放行或暂扣时间")),
    ),
    checks=(
        *checks_of("announced_on"),
        SetCheck("arrived_on", "s.arrived_on > %(today)s::date", _("日期在今天以后"), _("请核对日期")),
        SetCheck("store_code", "(s.store_code IS NULL) <> (s.arrived_on IS NULL)", _("到仓应同时填写监管仓和日期"), ""),
        SetCheck("release_no", "s.release_no IS NOT NULL AND s.hold_reason IS NOT NULL", _("放行和暂扣只能填一项"), ""),
        SetCheck("decided_on", "(s.decided_on IS NULL) <> (s.release_no IS NULL AND s.hold_reason IS NULL)",
                 _("放行或暂扣应同时填写日期"), ""),
        SetCheck("decided_on", "s.decided_on IS NOT NULL AND (s.arrived_on IS NULL OR s.decided_on < s.arrived_on)",
                 _("到仓以后才能放行或暂扣"), _("请核对日期")),
    ),
    examine=examining(_COLUMNS, _JOINS, _FAULTS),
    apply=_apply,
    parameters=import_parameters,
)  # fmt: skip


def register() -> None:
    """Registers the importer."""
    register_importer(BATCHES)
