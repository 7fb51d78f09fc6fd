"""What files of orders share: the market and its merchant, resolved in one pass, and faults told by statements."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shian.engine.trace.actions.drawing import AREA, Run, graph_changed, hold_graph
from shian.kernel.accounts.models import Role
from shian.kernel.imports.specs import Counts, ImportField, RowFault, SetCheck, Staged
from shian.kernel.ui.states import Text

ROLES = (Role.OFFICE, Role.COUNTY)
NUMBER = r"[A-Za-z0-9][A-Za-z0-9_-]*"
NUMBER_HINT = _("字母、数字、短横线和下划线")
NOON = "08:00"  # of an order whose file tells no time
MERCHANT = (
    ImportField("market_code", _("市场编号"), required=True, max_length=30),
    ImportField("merchant_no", _("商户编号"), required=True, max_length=30),
)
OF_MERCHANT = (
    "LEFT JOIN tracing_market m ON m.code = s.market_code "
    "LEFT JOIN tracing_merchant c ON c.market_id = m.id AND c.number = s.merchant_no"
)


def in_reach(alias: str) -> str:
    """SQL: does the row with five area columns under this alias lie where the importing user may write?"""
    parts = ", ".join(f"NULLIF({alias}.{level}, '')" for level in ("village", "township", "county", "city"))
    key = f"COALESCE({parts}, {alias}.province)"
    return f"(%(is_unlimited)s OR EXISTS (SELECT 1 FROM unnest(%(reach)s::text[]) k WHERE starts_with({key}, k)))"


def import_parameters() -> Mapping[str, Any]:
    return {"zone": settings.TIME_ZONE}


def number_field(title: Text) -> ImportField:
    """The order's own number, the key of its file."""
    return ImportField("number", title, required=True, max_length=40, pattern=NUMBER, pattern_hint=NUMBER_HINT)


def kilos_field(maximum: int = 10_000_000) -> ImportField:
    """Kilograms; that they are more than nothing `checks_of` sees to."""
    return ImportField("quantity", _("数量"), "number", required=True, minimum=0, maximum=maximum, unit=_("千克"))


def checks_of(day: str) -> tuple[SetCheck, ...]:
    """What every file of goods is checked for. `day`: the field of its day."""
    return (
        SetCheck(day, f"s.{day} > %(today)s::date", _("日期在今天以后"), _("请核对日期")),
        SetCheck("quantity", "s.quantity = 0", _("数量应大于 0"), _("请核对数量")),
    )


def time_field(name: str, title: Text) -> ImportField:
    """The time of day beside a day."""
    pattern, hint = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", _("时:分，如 05:30")
    return ImportField(name, title, pattern=pattern, pattern_hint=hint, hint=_("留空时按 08:00"))


def moment(day: str, time: str) -> str:
    """SQL of the moment that a day and a time of the city's clock are."""
    return f"((s.{day} + COALESCE(s.{time}, '{NOON}')::time) AT TIME ZONE %(zone)s)"


def resolved(staged: Staged) -> str:
    """The temporary table in which good rows stand with the keys of what they name."""
    return f"{staged.table}_resolved"


def resolve(staged: Staged, columns: Mapping[str, str], joins: str) -> None:
    """Fill that table: every good row with these columns, in one pass."""
    table = resolved(staged)
    picked = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    staged.execute(f"DROP TABLE IF EXISTS {table}")
    staged.execute(
        f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS SELECT s.row_no, {picked} "
        f"FROM {{staging}} s {joins} WHERE s.is_good"
    )
    keys = [name for name in columns if name.endswith("_id") or name in {"lot", "holding"}]
    staged.execute(f"ANALYZE {table} ({', '.join(['row_no', *keys])})")


# field, SQL of bad rows `r` ({table}: all of them), SQL of its value, why, what to do
Fault = tuple[str, str, str, str | Promise, str | Promise]


def examining(
    columns: Mapping[str, str], joins: str, faults: Sequence[Fault], doubts: Sequence[Fault] = ()
) -> Callable[[Staged], Iterable[RowFault]]:
    """What an importer's `examine` does: resolve the good rows, then tell what is wrong with them, and what is odd."""

    def examine(staged: Staged) -> Iterable[RowFault]:
        resolve(staged, columns, joins)
        tell_faults(staged, faults)
        tell_faults(staged, doubts, "warning")
        return ()

    return examine


def begin(staged: Staged) -> tuple[str, Run]:
    """How every `apply` begins: of the resolved rows those stay that are good and new, and nobody else draws. What is
    recorded already stays as it was."""
    table, run = resolved(staged), staged.execute
    run(f"DELETE FROM {table} r USING {{staging}} s WHERE s.row_no = r.row_no AND NOT s.is_good")
    run(f"DELETE FROM {table} r WHERE NOT r.is_new")
    hold_graph(run)
    return table, run


def enter_varieties(run: Run, table: str) -> None:
    """Varieties that the rows name and nobody did before."""
    run(
        "INSERT INTO tracing_variety (name, product_id, keeps_days) SELECT r.variety, min(p.id), 7 "
        f"FROM (SELECT DISTINCT variety FROM {table}) r LEFT JOIN products_product p ON p.name = r.variety "
        "GROUP BY 1 ORDER BY 1 ON CONFLICT (name) DO NOTHING"
    )


def tell_faults(staged: Staged, faults: Iterable[Fault], severity: str = "error") -> None:
    """Write down what is wrong with rows, one statement for each kind of fault that there is."""
    table, told = resolved(staged), list(faults)
    if not told:
        return
    asked = ", ".join(f"bool_or({sql.format(table=table)})" for _field, sql, *_words in told)
    found = staged.rows(f"SELECT {asked} FROM {table} r")[0]
    for field, sql, value, reason, remedy in (each for each, is_there in zip(told, found, strict=True) if is_there):
        staged.execute(
            "INSERT INTO {problems} SELECT r.row_no, %(fault_field)s, left((" + value + ")::text, 200), "
            "%(fault_reason)s, %(fault_remedy)s, %(fault_severity)s "
            f"FROM {table} r WHERE {sql.format(table=table)}",
            {
                "fault_field": field,
                "fault_reason": str(reason),
                "fault_remedy": str(remedy),
                "fault_severity": severity,
            },
        )


def unknown_operator(field: str, found: str) -> Fault:
    """The code of nobody. `found`: the column that holds whose it is."""
    return field, f"r.{found} IS NULL", f"r.{field}", _("系统中没有这个主体编号"), _("请先导入经营主体")


def foreign_operator(field: str, found: str) -> Fault:
    """Somebody whom the importing user does not reach. `field`: where the code stands, or that of a paper of theirs."""
    sql = f"r.{found} IS NOT NULL AND NOT r.in_reach"
    return field, sql, f"r.{field}", _("该主体不在您的管辖范围内"), _("请删除该行，由所属地区导入")


UNKNOWN_STORE: Fault = (
    "store_code", "r.store_code IS NOT NULL AND r.store_id IS NULL", "r.store_code",
    _("系统中没有这个冷藏点编号"), _("请先导入冷藏点"),
)  # fmt: skip
MERCHANT_FAULTS: tuple[Fault, ...] = (
    ("market_code", "r.market_id IS NULL", "r.market_code", _("系统中没有这个市场编号"), _("请先导入市场")),
    (
        "market_code", "r.market_id IS NOT NULL AND NOT r.in_reach", "r.market_code",
        _("该市场不在您的管辖范围内"), _("请删除该行，由所属地区导入"),
    ),
    (
        "merchant_no", "r.market_id IS NOT NULL AND r.merchant_id IS NULL", "r.merchant_no",
        _("该市场没有这个商户编号"), _("请先导入入场商户，或者核对编号"),
    ),
)  # fmt: skip
MERCHANT_COLUMNS = {
    "market_code": "s.market_code",
    "merchant_no": "s.merchant_no",
    "market_id": "m.id",
    "merchant_id": "c.id",
    "in_reach": in_reach("m"),
}


AREA_OF_ROW = ", ".join(f"r.{each}" for each in AREA.split(", "))


def area_of(alias: str) -> dict[str, str]:
    """The five area columns of a row under this alias."""
    return {each: f"{alias}.{each}" for each in AREA.split(", ")}


class Drawn:
    """What an `apply` adds while it holds the graph, so that the batch can be taken back: nobody else adds."""

    def __init__(self, staged: Staged, *tables: str) -> None:
        self.staged, self.before = staged, {each: _last_id(staged, each) for each in tables}

    def finished(self, new: int) -> Counts:
        """How every `apply` ends: the graph has changed, all of it is written, so many rows are new."""
        graph_changed(self.staged.execute)
        for table, after in self.before.items():
            self.staged.note_added(table, after)
        (good,) = self.staged.rows("SELECT count(*) FROM {staging} s WHERE s.is_good")[0]
        return Counts(new=new, same=int(good) - new)


def _last_id(staged: Staged, table: str) -> int:
    """The highest number in a table."""
    return int(staged.rows(f"SELECT COALESCE(max(id), 0) FROM {table}")[0][0])
