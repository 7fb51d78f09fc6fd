"""Certificates of origin as a file: what other platforms issued, or what was written on paper."""

import re

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import (
    AREA_OF_ROW,
    NUMBER,
    NUMBER_HINT,
    ROLES,
    Drawn,
    area_of,
    begin,
    checks_of,
    enter_varieties,
    examining,
    foreign_operator,
    import_parameters,
    in_reach,
    kilos_field,
    moment,
    time_field,
)
from shian.domains.tracing.models import Basis, CertificateKind
from shian.domains.tracing.rules.naming import CERTIFICATE
from shian.engine.trace.actions.drawing import (
    AREA,
    digest_of,
    enter_holdings,
    enter_identifiers,
)
from shian.kernel.imports.specs import (
    Counts,
    Finding,
    ImportField,
    ImportSpec,
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
    **area_of("p"),
    "in_reach": in_reach("p"),
    "variety": "s.variety",
    "quantity": "s.quantity",
    "origin": f"COALESCE(s.origin, p.address, {text('producer_code')})",
    "basis": "string_to_array(s.basis, ',')",
    "issued_on": "s.issued_on",
    "issued_at": moment("issued_on", "issued_time"),
    "is_new": "t.id IS NULL",
}
_JOINS = (
    "LEFT JOIN tracing_producer p ON p.code = s.producer_code LEFT JOIN tracing_certificate t ON t.number = s.number"
)
_FAULTS = (
    (
        "producer_code", "r.producer_id IS NULL", "r.producer_code",
        _("系统中没有这个生产主体编号"), _("请先导入农产品生产主体"),
    ),
    foreign_operator("producer_code", "producer_id"),
)  # fmt: skip


def _codes(told: str) -> str:
    """Words of the promise's basis as their codes; what is no such word stays."""
    words = [each.strip() for each in re.split(r"[、，,;；]", told) if each.strip()]
    return ",".join(dict.fromkeys(BASES.get(each, each) for each in words))


def _known(codes: str) -> Finding | None:
    if all(each in BASES.values() for each in codes.split(",")):
        return None
    return Finding(_("不是承诺依据"), _("可填：委托检测、自行检测、内部质量控制、自我承诺，多项用顿号隔开"))


def _apply(staged: Staged) -> Counts:
    """Varieties, lots in the hands of who issued, certificates."""
    table, run = begin(staged)
    drawn = Drawn(staged, "tracing_certificate")
    uri = f"'{CERTIFICATE}' || r.number"
    enter_varieties(run, table)
    enter_identifiers(run, f"SELECT {uri} FROM {table} r")
    found = f"{table} r JOIN trace_identifier i ON i.digest = {digest_of(uri)}"
    enter_holdings(run, f"SELECT i.id, r.party, r.issued_at, r.quantity::float8, 'KGM' FROM {found}")
    new = run(
        "INSERT INTO tracing_certificate (number, token, kind, producer_id, variety_id, quantity, used, origin, basis, "
        f"issued_on, issued_at, revoked_reason, lot, holding, batch, {AREA}) "
        "SELECT r.number, left(replace(gen_random_uuid()::text, '-', ''), 16), r.kind, r.producer_id, v.id, "
        "r.quantity, 0, r.origin, r.basis, r.issued_on, r.issued_at, '', i.id, h.id, %(batch)s, "
        f"{AREA_OF_ROW} FROM {found} "
        "JOIN trace_holding h ON h.lot = i.id AND h.party_id = r.party JOIN tracing_variety v ON v.name = r.variety "
        "ORDER BY r.issued_at, r.row_no"
    )
    run(
        "UPDATE tracing_producer p SET last_upload_on = n.day FROM (SELECT r.producer_id, max(r.issued_on) AS day "
        f"FROM {table} r GROUP BY 1) n WHERE n.producer_id = p.id AND n.day > COALESCE(p.last_upload_on, '-infinity')"
    )
    return drawn.finished(new)


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
        kilos_field(),
        ImportField("origin", _("产地"), max_length=120, hint=_("留空时取生产主体的产地")),
        ImportField("basis", _("承诺依据"), required=True, normalise=_codes, checks=(_known,)),
        ImportField("issued_on", _("开具日期"), "date", required=True),
        time_field("issued_time", _("开具时间")),
    ),
    checks=checks_of("issued_on"),
    examine=examining(_COLUMNS, _JOINS, _FAULTS),
    apply=_apply,
    parameters=import_parameters,
)


def register() -> None:
    """Registers the importer of certificates."""
    register_importer(CERTIFICATES)
