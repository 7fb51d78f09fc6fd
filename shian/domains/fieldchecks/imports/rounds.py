"""Rounds of earlier times as a file: what was done on paper, so that its visits stand in a round."""

from django.utils.translation import gettext_lazy as _

from shian.domains.fieldchecks.queries.formats import LEDGER
from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import (
    ImportField,
    ImportSpec,
    SetCheck,
    Target,
    area_columns_sql,
    area_key_sql,
    register_importer,
)
from shian.registers.areas.imports import area_checks, dates_in_order

_FORMATS = (
    "INSERT INTO fieldchecks_roundformat (round_id, mode, code, name, form, weight) "
    "SELECT DISTINCT ON (t.id, f.data ->> 'mode', f.data ->> 'code') t.id, "
    "CASE f.data ->> 'mode' WHEN '明查' THEN 'overt' ELSE 'covert' END, f.data ->> 'code', f.data ->> 'format', "
    "COALESCE(f.data ->> 'form_key', ''), COALESCE((f.data ->> 'weight')::numeric, 1) "
    "FROM {plan} p JOIN fieldchecks_fieldround t ON t.id = p.target_id JOIN {staging} s ON s.row_no = p.row_no "
    f"JOIN ledgers_ledgerrow f ON f.ledger = '{LEDGER}' AND f.data ->> 'code' <> '' "
    f"AND starts_with({area_key_sql('s.area_code')}, CASE WHEN f.county <> '' THEN f.county ELSE f.city END) "
    "AND f.valid_from <= s.starts_on AND (f.valid_to IS NULL OR f.valid_to > s.starts_on) "
    "WHERE p.is_new ORDER BY t.id, f.data ->> 'mode', f.data ->> 'code', f.county DESC, f.valid_from DESC"
)
ROUNDS = ImportSpec(
    key="field_rounds",
    title=_("明查暗访轮次"),
    description=_("已经结束的轮次：编号、起止日期；业态按开始当日的迎检业态目录"),
    order=231,
    natural_key=("number",),
    area_field="area_code",
    roles=(Role.OFFICE,),
    fields=(
        ImportField("number", _("轮次编号"), required=True, max_length=40),
        ImportField("title", _("名称"), required=True, max_length=80),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("starts_on", _("开始日期"), "date", required=True),
        ImportField("ends_on", _("结束日期"), "date", required=True),
        ImportField("ratio", _("抽取比例"), "number", minimum=0, maximum=100, unit="%", default="20"),
    ),
    checks=(
        *area_checks("area_code", "s.starts_on"),
        dates_in_order("starts_on", "ends_on", strictly=False),
        SetCheck("ends_on", "s.ends_on > %(today)s::date", _("结束日期在今天以后"), _("没有结束的轮次请在页面上计划")),
        SetCheck("ratio", "s.ratio <= 0", _("抽取比例须大于 0"), _("填百分数，如 20")),
    ),
    target=Target(
        table="fieldchecks_fieldround",
        key=("number",),
        columns={
            "number": "s.number",
            "title": "s.title",
            "area_code": "s.area_code",
            "state": "'closed'",
            "starts_on": "s.starts_on",
            "ends_on": "s.ends_on",
            "ratio": "s.ratio / 100",
            "least": "1",
            "reserves": "0",
            "quiet_days": "0",
            **area_columns_sql("s.area_code"),
        },
        stamps={
            "planned_at": "%(at)s",
            "planned_by": "%(by)s",
            "closed_at": "%(at)s",
            "closed_by": "%(by)s",
        },
        after=(_FORMATS,),
        satellites={"fieldchecks_roundformat": "round_id"},
    ),
)  # fmt: skip


def register() -> None:
    """Registers the importer of rounds."""
    register_importer(ROUNDS)
