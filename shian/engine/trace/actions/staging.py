"""Many rows at once: COPY into a staging table, one statement from there."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from shian.engine.trace.rules.identifiers import product_of, short_digest

_SPECIAL = re.compile(r"[\\\t\n\r\0]")


def number_identifiers(uris: Collection[str]) -> dict[str, int]:
    """Identifier → its number, new ones entered. Order them by what they are found by: so two never wait crosswise."""
    everyone = {*uris, *(product for uri in uris if (product := product_of(uri)))}
    rows = sorted((short_digest(uri), uri, product_of(uri)) for uri in everyone)
    staged = [(digest, uri, short_digest(product) if product else None) for digest, uri, product in rows]
    with connection.cursor() as cursor:
        stage(cursor, "staged_identifier", "digest bytea, uri text, product bytea", staged)
        cursor.execute(
            "INSERT INTO trace_identifier (digest, uri) SELECT digest, uri FROM staged_identifier "
            "ON CONFLICT (digest) DO NOTHING"
        )
        cursor.execute(
            "UPDATE trace_identifier i SET product = p.id FROM staged_identifier s "
            "JOIN trace_identifier p ON p.digest = s.product WHERE i.digest = s.digest AND i.product IS NULL"
        )
        cursor.execute("SELECT s.uri, i.id FROM staged_identifier s JOIN trace_identifier i ON i.digest = s.digest")
        return dict(cursor.fetchall())


def number_parties(identifiers: Collection[int], area: dict[str, str]) -> dict[int, int]:
    """Identifier of a party → the party's number; a new one lies in `area` (the five columns)."""
    names = ", ".join(area)
    with connection.cursor() as cursor:
        stage(cursor, "staged_party", "identifier bigint", [(each,) for each in sorted(identifiers)])
        cursor.execute(
            f"INSERT INTO trace_party (identifier, {names}) SELECT identifier, {', '.join(['%s'] * len(area))} "
            "FROM staged_party ON CONFLICT (identifier) DO NOTHING",
            list(area.values()),
        )
        cursor.execute(
            "SELECT p.identifier, p.id FROM staged_party s JOIN trace_party p ON p.identifier = s.identifier"
        )
        return dict(cursor.fetchall())


def number_holdings(rows: Iterable[tuple[int, int, datetime, float | None, str]]) -> dict[tuple[int, int], int]:
    """(lot, party) → the holding's number, from rows (lot, party, seen at, made, unit)."""
    columns = "lot bigint, party bigint, at timestamptz, made float8, uom text"
    with connection.cursor() as cursor:
        stage(cursor, "staged_holding", columns, rows)
        cursor.execute(
            "INSERT INTO trace_holding AS h (lot, party_id, first_at, made, uom) "
            "SELECT lot, party, min(at), sum(made), max(uom) FROM staged_holding GROUP BY lot, party ORDER BY 1, 2 "
            "ON CONFLICT (lot, party_id) DO UPDATE SET first_at = LEAST(h.first_at, EXCLUDED.first_at), "
            "made = COALESCE(h.made + EXCLUDED.made, h.made, EXCLUDED.made), uom = GREATEST(h.uom, EXCLUDED.uom) "
            "WHERE EXCLUDED.first_at < h.first_at OR EXCLUDED.made IS NOT NULL"
        )
        cursor.execute(
            "SELECT DISTINCT h.lot, h.party_id, h.id FROM staged_holding s "
            "JOIN trace_holding h ON h.lot = s.lot AND h.party_id = s.party"
        )
        return {(lot, party): number for lot, party, number in cursor.fetchall()}


def stage(cursor: Any, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """An empty table of this transaction with these rows."""
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({columns}) ON COMMIT DROP; TRUNCATE {table}")
    copy_rows(cursor, table, ", ".join(each.split()[0] for each in columns.split(", ")), rows)
    cursor.execute(f"ANALYZE {table}")


def copy_rows(cursor: Any, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows in PostgreSQL's text format."""
    text = "".join("\t".join(map(_cell, row)) + "\n" for row in rows)
    if text:
        with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write(text)


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return _escaped(value) if _SPECIAL.search(value) else value
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(int(value)) if isinstance(value, int) else repr(value)


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"), ("\0", "")):
        text = text.replace(plain, written)
    return text
