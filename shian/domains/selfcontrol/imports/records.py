"""What files of operators' records share: the operator with its area, and rows that are added and never changed."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import Counts, ImportField, Reference, SetCheck, Staged, area_key_sql
from shian.registers.areas.imports import area_checks

ROLES = (Role.OFFICE, Role.COUNTY)
JOIN = "JOIN operators_operator o ON o.code = s.operator_code"
OPERATOR = (
    ImportField(
        "operator_code", _("主体编号"), required=True, max_length=40, references=Reference("operators_operator", "code")
    ),
    ImportField("area_code", _("区划代码"), required=True),
)
CHECKS = (
    *area_checks("area_code", "%(today)s::date", "%(effective_on)s"),
    SetCheck(
        "area_code", f"left({area_key_sql('s.area_code')}, 6) <> o.county", _("主体在另一个县（市、区）：{detail}"),
        _("请核对主体编号和区划代码"), detail="o.area_code", joins=JOIN,
    ),
)  # fmt: skip


PLACE = {name: f"o.{name}" for name in ("province", "city", "county", "township", "village")}


def not_ahead(field: str) -> SetCheck:
    """The day lies in the past, or is today."""
    return SetCheck(field, f"s.{field} > %(today)s::date", _("日期在今天以后"), _("请核对日期"))


def added(staged: Staged, table: str, columns: Mapping[str, str], joins: str, *, has_id: bool = True) -> Counts:
    """Insert the good rows; those that are there already stay as they were recorded."""
    (last,) = staged.rows(f"SELECT COALESCE(max(id), 0) FROM {table}")[0] if has_id else (0,)
    new = staged.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
        f"FROM {{staging}} s {joins} WHERE s.is_good ORDER BY s.row_no ON CONFLICT DO NOTHING"
    )
    if has_id:
        staged.note_written(table, f"SELECT id FROM {table} WHERE id > {int(last)}", "SELECT 0 WHERE FALSE")
    (good,) = staged.rows("SELECT count(*) FROM {staging} s WHERE s.is_good")[0]
    return Counts(new=new, same=int(good) - new)
