"""What an importer declares. Registers and ledgers build an ImportSpec and hand it to `register_importer`.

    register_importer(ImportSpec(
        key="products", title=_("品类"), natural_key=("code",),
        fields=(ImportField("code", _("品类编码"), required=True, max_length=30),
                ImportField("parent_code", _("上级编码"), references=Reference("products_product", "code", "code"))),
        target=Target(table="products_product", key=("code",), columns={"code": "s.code", "name": text("name")}),
    ))

Inside every SQL text: `s` is the row as staged (typed columns named like the fields; empty is NULL), `{staging}` the
temporary table itself, `t` the row of the target table, and the parameters are %(at)s %(today)s %(effective_on)s
%(batch)s %(by)s %(reach)s (array of area keys) and what `parameters()` returns. A literal % is written %%.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.utils.functional import Promise

from shian.kernel.accounts.models import Role
from shian.kernel.scope.rules import KEY_WIDTH, Level

Text = str | Promise
ERROR, WARNING = "error", "warning"
SQL_TYPES = {
    "string": "text",
    "integer": "bigint",
    "number": "numeric",
    "date": "date",
    "boolean": "boolean",
    "year": "integer",
}


@dataclass(frozen=True)
class Finding:
    """What is wrong with one value and what to do about it. `field` is left out by checks of a single cell."""

    reason: Text
    remedy: Text = ""
    severity: str = ERROR


CellCheck = Callable[[str], Finding | None]


@dataclass(frozen=True)
class Reference:
    """The value must be the `column` of some row of `table`, or the field `in_file` of a good row of the same file."""

    table: str
    column: str
    in_file: str = ""
    where: str = ""  # further condition on the row `r` of that table
    severity: str = ERROR


@dataclass(frozen=True)
class ImportField:
    """One column of a file. `name` is the English heading, the staged column and the key of everything else.

    `choices` maps accepted words to stored values; a plain sequence stores the word itself.
    `normalise` gives a text its canonical form (upper case); `checks` look at one non-empty cell in that form.
    """

    name: str
    title: Text
    type: str = "string"
    aliases: tuple[str, ...] = ()
    required: bool = False
    choices: Mapping[str, str] | Sequence[str] = ()
    pattern: str = ""
    pattern_hint: Text = ""
    max_length: int = 0
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    checks: tuple[CellCheck, ...] = ()
    normalise: Callable[[str], str] | None = None
    references: Reference | None = None
    unit: Text = ""
    hint: Text = ""
    default: str = ""  # canonical text taken for an empty cell
    personal: str = ""  # what it tells of a person: a word of ui.masking.Personal

    def __post_init__(self) -> None:
        if self.type not in SQL_TYPES:
            raise ValueError(f"{self.name}: {self.type!r} is not one of {', '.join(SQL_TYPES)}.")
        if not self.name.isidentifier() or self.name.startswith("_"):
            raise ValueError(f"{self.name!r} cannot name a staged column.")

    @property
    def accepted(self) -> Mapping[str, str]:
        """Word → stored value; empty when any value will do."""
        return self.choices if isinstance(self.choices, Mapping) else {word: word for word in self.choices}


@dataclass(frozen=True)
class SetCheck:
    """A problem of rows, found by one statement: `sql` is true for a bad row `s`.

    `detail` is SQL text that replaces {detail} in the message (the number of the other row, a date).
    `joins` follow the staging table in the FROM clause. `field` names the column that is shown as the culprit.
    """

    field: str
    sql: str
    message: Text
    remedy: Text = ""
    detail: str = "''"
    joins: str = ""
    severity: str = ERROR
    value: str = ""


@dataclass(frozen=True)
class Derived:
    """Columns that Python computes from one field, e.g. pinyin from a name: staged as text beside the fields."""

    names: tuple[str, ...]
    source: str
    function: Callable[[str], tuple[str, ...]]


def _nobody() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Target:
    """The table that rows are upserted into by natural key; unchanged rows are not touched.

    `satellites` are tables that `after` statements write, each with the column that names its row here: an undo puts
    them back as well. `dependants` are asked before an undo removes a new row `t`: a table and SQL that is true for a
    row `d` of it that needs `t` (foreign keys and references of importers are known without).

    `columns` maps each written column to SQL over `s` and `joins`. A column whose fields are all missing from the file
    keeps its value in rows that exist; `differs` and `after` are left out likewise. `stamps` are written with a row but
    do not make it differ. `differs` adds a reason to count as changed; `after` are statements that run after the upsert
    and may use {staging} s and {plan} p (p.row_no, p.target_id, p.is_new, p.is_changed; target_id is filled for new
    rows too).
    """

    table: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    joins: str = ""
    stamps: Mapping[str, str] = field(default_factory=dict)
    differs: str = "FALSE"
    after: tuple[str, ...] = ()
    is_area_scoped: bool = True
    satellites: Mapping[str, str] = field(default_factory=dict)
    dependants: Callable[[], Mapping[str, str]] = _nobody


@dataclass(frozen=True)
class Counts:
    new: int = 0
    changed: int = 0
    same: int = 0


class Staged(Protocol):
    """What a custom `apply` gets: a cursor in the transaction, the staging table (good rows: is_good), parameters.

    `worked_out` is whatever `examine` has left there: what the rows without its faults come to.
    """

    worked_out: Any

    @property
    def cursor(self) -> Any: ...

    @property
    def table(self) -> str: ...

    @property
    def parameters(self) -> Mapping[str, Any]: ...

    def execute(self, statement: str, more: Mapping[str, Any] | None = None) -> int:
        """Run one statement with {staging} and the parameters filled in; the number of rows it touched."""
        ...

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows that a statement answers."""
        ...

    def remember(self, table: str, rows: str) -> None:
        """Keep rows of a table as they are now, before they change: `rows` is SQL that selects their ids."""
        ...

    def note_written(self, table: str, new: str, changed: str) -> None:
        """After writing: `new` and `changed` are SQL that select the ids of the rows added and changed."""
        ...

    def note_added(self, table: str, after: int) -> None:
        """After writing to a table that nobody else adds to meanwhile: all rows with an id above `after` are new, and
        kept as a range."""
        ...


def _no_parameters() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class RowFault:
    """What a program finds wrong with one field of a good row."""

    row_no: int
    field: str
    reason: Text
    remedy: Text = ""
    value: str = ""


Examine = Callable[[Staged], Iterable[RowFault]]


@dataclass(frozen=True)
class ImportSpec:
    """An importer: its columns, its checks, where the rows go and who may use it.

    `area_field` names the field with a division code; its rows must lie in the importing user's reach.
    Either `target` or `apply` says where rows go; the dry run of `apply` is rolled back. `examine` judges what no
    statement can (a chain of rows); it sees the rows that every other check let through.
    `roles` beside system administrators.
    """

    key: str
    title: Text
    fields: tuple[ImportField, ...]
    natural_key: tuple[str, ...]
    target: Target | None = None
    apply: Callable[[Staged], Counts] | None = None
    checks: tuple[SetCheck, ...] = ()
    examine: Examine | None = None
    derived: tuple[Derived, ...] = ()
    area_field: str = ""
    roles: tuple[Role, ...] = (Role.OFFICE,)
    parameters: Callable[[], Mapping[str, Any]] = _no_parameters
    description: Text = ""
    order: int = 100

    def __post_init__(self) -> None:
        names = [each.name for each in self.fields]
        if len(set(names)) != len(names):
            raise ValueError(f"Importer {self.key} names a field twice.")
        unknown = {*self.natural_key, *([self.area_field] if self.area_field else [])} - set(names)
        if unknown:
            raise ValueError(f"Importer {self.key} has no field {', '.join(sorted(unknown))}.")
        if (self.target is None) == (self.apply is None):
            raise ValueError(f"Importer {self.key} needs either a target or apply.")

    def field(self, name: str) -> ImportField:
        """The field of that name. Raises KeyError."""
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)


class UnknownImporter(LookupError):
    """No importer is registered under this key."""


_importers: dict[str, ImportSpec] = {}


def register_importer(spec: ImportSpec) -> None:
    """Offer an importer; registering the same key again replaces it (packs are read again)."""
    _importers[spec.key] = spec


def importer(key: str) -> ImportSpec:
    """The importer of that key. Raises UnknownImporter."""
    try:
        return _importers[key]
    except KeyError:
        raise UnknownImporter(key) from None


def importers() -> list[ImportSpec]:
    """All importers in the order of the upload page."""
    return sorted(_importers.values(), key=lambda spec: (spec.order, spec.key))


def text(name: str) -> str:
    """SQL of a text field for a column that is never NULL."""
    return f"COALESCE(s.{name}, '')"


def area_key_sql(column: str) -> str:
    """SQL of the area key of a division code: cut by its level (scope.rules.key_of_code says the same in Python)."""
    return (
        f"(CASE WHEN length({column}) = 6 AND right({column}, 4) = '0000' THEN left({column}, 2)"
        f" WHEN length({column}) = 6 AND right({column}, 2) = '00' THEN left({column}, 4) ELSE {column} END)"
    )


def area_columns_sql(column: str) -> dict[str, str]:
    """The five area columns of a row from its division code."""
    key = area_key_sql(column)
    return {
        level.value: f"(CASE WHEN length({key}) >= {KEY_WIDTH[level]} THEN left({key}, {KEY_WIDTH[level]}) ELSE '' END)"
        for level in Level
    }
