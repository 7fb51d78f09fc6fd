"""Many rows at once: COPY into a staging table, one statement from there.

Rows are written as lines of PostgreSQL's text format where they are made: a general writer, which looks at each value's
type, costs more than all the rest of a capture.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from shian.engine.trace.rules.identifiers import product_of, short_digest

NULL = "\\N"
_SPECIAL = re.compile(r"[\\\t\n\r\0]")
Holdings = Mapping[tuple[int, int], "Seen"]


class Seen:
    """A holding as a document tells of it: since when, and how much was made there."""

    __slots__ = ("at", "made", "uom")

    def __init__(self, at: datetime) -> None:
        self.at, self.uom = at, ""
        self.made: float | None = None

    def add(self, at: datetime, made: float | None, uom: str) -> None:
        if at < self.at:
            self.at = at
        if uom > self.uom:
            self.uom = uom
        if made is not None:
            self.made = (self.made or 0) + made


def number_identifiers(uris: Collection[str]) -> dict[str, int]:
    """Identifier → its number, new ones entered. The caller holds the graph, so nobody else enters any."""
    products = {uri: product for uri in uris if (product := product_of(uri))}
    found = _numbered({*uris} - products.keys() | set(products.values()), {})
    return found | _numbered(products.keys(), {uri: found[product] for uri, product in products.items()})


def _numbered(uris: Collection[str], products: Mapping[str, int]) -> dict[str, int]:
    """`products`: the product classes' numbers, where these are lots and things of products."""
    rows = sorted((short_digest(uri), uri) for uri in uris)
    lines = (f"\\\\x{digest.hex()}\t{uri}\t{products.get(uri, NULL)}\n" for digest, uri in rows)
    more = "UPDATE SET product = EXCLUDED.product WHERE i.product IS NULL" if products else "NOTHING"
    with connection.cursor() as cursor:
        stage(cursor, "staged_identifier", "digest bytea, uri text, product bigint", lines)
        cursor.execute(
            "INSERT INTO trace_identifier AS i (digest, uri, product) SELECT digest, uri, product "
            f"FROM staged_identifier ON CONFLICT (digest) DO {more}"
        )
        cursor.execute(
            "SELECT string_agg(i.id::text, ',' ORDER BY s.digest) FROM staged_identifier s "
            "JOIN trace_identifier i ON i.digest = s.digest"
        )
        numbers = _numbers(cursor)
    return {uri: number for (_digest, uri), number in zip(rows, numbers, strict=True)}


def number_places(places: Mapping[str, int]) -> None:
    """Note which identifiers are places of events."""
    with connection.cursor() as cursor:
        lines = (f"{number}\t{uri}\n" for uri, number in places.items())
        stage(cursor, "staged_place", "identifier bigint, uri text", lines)
        cursor.execute(
            "INSERT INTO trace_eventplace (identifier, uri) SELECT identifier, uri FROM staged_place "
            "ORDER BY identifier ON CONFLICT (identifier) DO NOTHING"
        )


def number_parties(identifiers: Collection[int], area: dict[str, str]) -> dict[int, int]:
    """Identifier of a party → the party's number; a new one lies in `area` (the five columns)."""
    names, rows = ", ".join(area), sorted(identifiers)
    with connection.cursor() as cursor:
        stage(cursor, "staged_party", "identifier bigint", (f"{each}\n" for each in rows))
        cursor.execute(
            f"INSERT INTO trace_party (identifier, {names}) SELECT identifier, {', '.join(['%s'] * len(area))} "
            "FROM staged_party ON CONFLICT (identifier) DO NOTHING",
            list(area.values()),
        )
        cursor.execute(
            "SELECT string_agg(p.id::text, ',' ORDER BY s.identifier) FROM staged_party s "
            "JOIN trace_party p ON p.identifier = s.identifier"
        )
        return dict(zip(rows, _numbers(cursor), strict=True))


def number_holdings(seen: Holdings) -> dict[tuple[int, int], int]:
    """(lot, party) → the holding's number."""
    rows = sorted(seen)
    lines = (
        f"{lot}\t{party}\t{told.at.isoformat()}\t{or_null(told.made)}\t{told.uom}\n"
        for (lot, party), told in zip(rows, map(seen.__getitem__, rows), strict=True)
    )
    with connection.cursor() as cursor:
        stage(cursor, "staged_holding", "lot bigint, party bigint, at timestamptz, made float8, uom text", lines)
        cursor.execute(
            "INSERT INTO trace_holding AS h (lot, party_id, first_at, made, uom) "
            "SELECT lot, party, at, made, uom FROM staged_holding "
            "ON CONFLICT (lot, party_id) DO UPDATE SET first_at = LEAST(h.first_at, EXCLUDED.first_at), "
            "made = COALESCE(h.made + EXCLUDED.made, h.made, EXCLUDED.made), uom = GREATEST(h.uom, EXCLUDED.uom) "
            "WHERE EXCLUDED.first_at < h.first_at OR EXCLUDED.made IS NOT NULL"
        )
        cursor.execute(
            "SELECT string_agg(h.id::text, ',' ORDER BY s.lot, s.party) FROM staged_holding s "
            "JOIN trace_holding h ON h.lot = s.lot AND h.party_id = s.party"
        )
        return dict(zip(rows, _numbers(cursor), strict=True))


def stage(cursor: Any, table: str, columns: str, lines: Iterable[str]) -> None:
    """An empty table of this transaction with these rows."""
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} ({columns}) ON COMMIT DROP; TRUNCATE {table}")
    copy_lines(cursor, table, ", ".join(each.split()[0] for each in columns.split(", ")), lines)
    cursor.execute(f"ANALYZE {table}")


def copy_lines(cursor: Any, table: str, columns: str, lines: Iterable[str]) -> None:
    """COPY rows that are written as PostgreSQL's text format has them, each with its end of line."""
    text = "".join(lines)
    if text:
        with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write(text)


def or_null(value: object) -> object:
    """A number as it is, nothing as NULL."""
    return NULL if value is None else value


@lru_cache(maxsize=1 << 10)
def cell(text: str) -> str:
    """A text of the outside as a cell. Identifiers in canonical form need none: they hold nothing that is special."""
    if not _SPECIAL.search(text):
        return text
    for plain, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"), ("\0", "")):
        text = text.replace(plain, written)
    return text


def _numbers(cursor: Any) -> list[int]:
    """What one row of numbers joined by commas says: a tenth of what a row for each costs."""
    told = cursor.fetchone()[0]
    return list(map(int, told.split(","))) if told else []
