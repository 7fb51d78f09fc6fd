"""Certificates of origin as a file: what other platforms issued, or what was written on paper."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import (
    NUMBER,
    NUMBER_HINT,
    ROLES,
    import_parameters,
    in_reach,
    moment,
    resolve,
    resolved,
    tell_faults,
    time_field,
)
from shian.domains.tracing.models import Basis, CertificateKind
from shian.domains.tracing.rules.naming import CERTIFICATE
from shian.engine.trace.actions.drawing import (
    AREA,
    digest_of,
    enter_holdings,
    enter_identifiers,
    graph_changed,
    hold_graph,
)
from shian.kernel.imports.specs import (
    Counts,
    Finding,
    ImportField,
    ImportSpec,
    RowFault,
    SetCheck,
    Staged,
    register_importer,
    text,
)

KINDS = {
    "产地检疫证明": CertificateKind.QUARANTINE.value, "肉品合格证": CertificateKind.MEAT.value,
    "食用农产品合格证": CertificateKind.PRODUCE.value, "电子追溯合格证": CertificateKind.ELECTRONIC.value,
}  # fmt: skip
BASES = {
    "委托检测": Basis.COMMISSIONED.value, "自行检测": Basis.OWN_TEST.value, "内部质量控制": Basis.CONTROL.value,
    "自我承诺": Basis.PROMISE.value,
}  # fmt: skip
_COLUMNS = {
    "number": "s.number",
    "kind": "s.kind",
    "producer_code": "s.producer_code",
    "producer_id": "p.id",
    "party": "p.party",
    **{each: f"p.{each}" for each in AREA.split(", ")},
    "in_reach": in_reach("p"),
    "variety": "s.variety",
    "quantity": "s.quantity",
    "origin": f"COALESCE(s.origin, p.address, {text('producer_code')})",
    "basis": "string_to_array(s.basis, ',')",
    "issued_on": "s.issued_on",
    "issued_at": moment("issued_on", "issued_time"),
    "is_new": "t.id IS NULL",
}
_FAULTS = (
    (
        "producer_code", "r.producer_id IS NULL", "r.producer_code",
        _("系统中没有这个生产主体编号"), _("请先导入农产品生产主体"),
    ),
    (
        "producer_code", "r.producer_id IS NOT NULL AND NOT r.in_reach", "r.producer_code",
        _("该主体不在您的管辖范围内"), _("请删除该行，由所属地区导入"),
    ),
)  # fmt: skip


def _codes(told: str) -> str:
    """Words of the promise's basis as their codes; what is no such word stays."""
    words = [each.strip() for each in re.split(r"[、，,;；]", told) if each.strip()]
    return ",".join(dict.fromkeys(BASES.get(each, each) for each in words))


def _known(codes: str) -> Finding | None:
    if all(each in BASES.values() for each in codes.split(",")):
        return None
    return Finding(_("不是承诺依据"), _("可填：委托检测、自行检测、内部质量控制、自我承诺，多项用顿号隔开"))


def _examine(staged: Staged) -> Iterable[RowFault]:
    joins = (
        "LEFT JOIN tracing_producer p ON p.code = s.producer_code "
        "LEFT JOIN tracing_certificate t ON t.number = s.number"
    )
    resolve(staged, _COLUMNS, joins)
    tell_faults(staged, _FAULTS)
    return ()


def _apply(staged: Staged) -> Counts:
    """Varieties, lots in the hands of who issued, certificates. What is recorded already stays as it was."""
    table, run = resolved(staged), staged.execute
    uri = f"'{CERTIFICATE}' || r.number"
    run(f"DELETE FROM {table} r USING {{staging}} s WHERE s.row_no = r.row_no AND NOT (s.is_good AND r.is_new)")
    hold_graph(run)
    run(
        "INSERT INTO tracing_variety (name, product_id, keeps_days) SELECT r.variety, min(p.id), 7 "
        f"FROM (SELECT DISTINCT variety FROM {table}) r LEFT JOIN products_product p ON p.name = r.variety "
        "GROUP BY 1 ORDER BY 1 ON CONFLICT (name) DO NOTHING"
    )
    enter_identifiers(run, f"SELECT {uri} FROM {table} r")
    found = f"{table} r JOIN trace_identifier i ON i.digest = {digest_of(uri)}"
    enter_holdings(run, f"SELECT i.id, r.party, r.issued_at, r.quantity::float8, 'KGM' FROM {found}")
    new = run(
        "INSERT INTO tracing_certificate (number, token, kind, producer_id, variety_id, quantity, used, origin, basis, "
        f"issued_on, issued_at, revoked_reason, lot, holding, batch, {AREA}) "
        "SELECT r.number, left(replace(gen_random_uuid()::text, '-', ''), 16), r.kind, r.producer_id, v.id, "
        "r.quantity, 0, r.origin, r.basis, r.issued_on, r.issued_at, '', i.id, h.id, %(batch)s, "
        f"{', '.join(f'r.{each}' for each in AREA.split(', '))} FROM {found} "
        "JOIN trace_holding h ON h.lot = i.id AND h.party_id = r.party JOIN tracing_variety v ON v.name = r.variety "
        "ORDER BY r.issued_at, r.row_no"
    )
    run(
        "UPDATE tracing_producer p SET last_upload_on = n.day FROM (SELECT r.producer_id, max(r.issued_on) AS day "
        f"FROM {table} r GROUP BY 1) n WHERE n.producer_id = p.id AND n.day > COALESCE(p.last_upload_on, '-infinity')"
    )
    graph_changed(run)
    staged.note_written(
        "tracing_certificate", "SELECT id FROM tracing_certificate WHERE batch = %(batch)s", "SELECT 0 WHERE FALSE"
    )
    (good,) = staged.rows("SELECT count(*) FROM {staging} s WHERE s.is_good")[0]
    return Counts(new=new, same=int(good) - new)


CERTIFICATES = ImportSpec(
    key="certificates",
    title=_("产地凭证（合格证）"),
    description=_("承诺达标合格证、检疫证明等产地凭证，每批一行；系统内开具的不从这里导入"),
    order=263,
    natural_key=("number",),
    roles=ROLES,
    fields=(
        ImportField("number", _("合格证编号"), required=True, max_length=40, pattern=NUMBER, pattern_hint=NUMBER_HINT),
        ImportField("kind", _("凭证种类"), choices=KINDS, default=CertificateKind.ELECTRONIC.value),
        ImportField("producer_code", _("生产主体编号"), required=True, max_length=40),
        ImportField("variety", _("品种"), required=True, max_length=60),
        ImportField("quantity", _("数量"), "number", required=True, minimum=0, maximum=10_000_000, unit=_("千克")),
        ImportField("origin", _("产地"), max_length=120, hint=_("留空时取生产主体的产地")),
        ImportField("basis", _("承诺依据"), required=True, normalise=_codes, checks=(_known,)),
        ImportField("issued_on", _("开具日期"), "date", required=True),
        time_field("issued_time", _("开具时间")),
    ),
    checks=(
        SetCheck("issued_on", "s.issued_on > %(today)s::date", _("日期在今天以后"), _("请核对日期")),
        SetCheck("quantity", "s.quantity = 0", _("数量应大于 0"), _("请核对数量")),
    ),
    examine=_examine,
    apply=_apply,
    parameters=import_parameters,
)


def register() -> None:
    """Registers the importer of certificates."""
    register_importer(CERTIFICATES)
