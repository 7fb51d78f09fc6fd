"""What files of those who trade and grow share: their operator, whom to call, and who they are in engine/trace."""

from django.utils.translation import gettext_lazy as _

from shian.domains.tracing.imports.orders import NUMBER, NUMBER_HINT
from shian.domains.tracing.rules.naming import OPERATOR
from shian.engine.trace.actions.drawing import AREA, digest_of
from shian.kernel.imports.specs import ImportField, Reference, text
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.states import Text

OF_OPERATOR = "LEFT JOIN operators_operator o ON o.code = s.operator_code"
CONTACT = (
    ImportField("contact", _("联系人"), max_length=30, personal=Personal.NAME),
    ImportField("phone", _("联系电话"), max_length=20, personal=Personal.PHONE),
)
CONTACT_COLUMNS = {"contact": text("contact"), "phone": text("phone")}


def key_and_name(key: str, key_title: Text, name_title: Text, longest: tuple[int, int]) -> tuple[ImportField, ...]:
    """The number that the file knows it by, and its name. `longest`: letters of each."""
    return (
        ImportField(key, key_title, required=True, max_length=longest[0], pattern=NUMBER, pattern_hint=NUMBER_HINT),
        ImportField("name", name_title, required=True, max_length=longest[1]),
    )


def operator_field(title: Text) -> ImportField:
    """The file of the operator that it is, where it has one."""
    return ImportField("operator_code", title, max_length=40, references=Reference("operators_operator", "code"))


def as_operator(otherwise: str) -> str:
    """SQL of the URI of the row `t`: that of its operator, so that one business is one party everywhere."""
    operator = f"SELECT '{OPERATOR}' || o.code FROM operators_operator o WHERE o.id = t.operator_id"
    return f"COALESCE(({operator}), {otherwise})"


def party_statements(table: str, uri: str, column: str, own: str = "t.operator_id", more: str = "") -> tuple[str, ...]:
    """Statements after an upsert: the party of each row of the file. `uri`: SQL over the row `t` and what `more` joins;
    `own`: its operator. A row keeps the party that it has."""
    rows = f"FROM {table} t JOIN {{plan}} p ON p.target_id = t.id {more} WHERE t.{column} IS NULL"
    areas = ", ".join(f"t.{each}" for each in AREA.split(", "))
    digest = digest_of(f"({uri})")
    found = (
        f"FROM {table} t JOIN {{plan}} p ON p.target_id = t.id {more} JOIN trace_identifier i ON i.digest = {digest}"
    )
    identifiers = (
        f"INSERT INTO trace_identifier (digest, uri) SELECT DISTINCT {digest}, {uri} {rows} ORDER BY 1 "
        "ON CONFLICT (digest) DO NOTHING"
    )
    parties = (
        f"INSERT INTO trace_party (identifier, operator_id, {AREA}) SELECT DISTINCT ON (i.id) i.id, {own}, {areas} "
        f"{found} WHERE t.{column} IS NULL ORDER BY i.id ON CONFLICT (identifier) DO NOTHING"
    )
    named = (
        f"UPDATE {table} x SET {column} = y.party FROM (SELECT t.id AS row, q.id AS party {found} "
        f"JOIN trace_party q ON q.identifier = i.id WHERE t.{column} IS NULL) y WHERE x.id = y.row"
    )
    return identifiers, parties, named
