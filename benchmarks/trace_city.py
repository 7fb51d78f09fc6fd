"""A city's graph at any size, drawn by the engine's own bulk path (engine/trace/actions/drawing.py).

Holdings 0 to 3 are hubs and 4 is the giant; the lots after them are sold SALES times each, one sale in eight only
possible. Whoever bought has the numbers behind the lots. Movements are those of a whole city; parties, lots and
holdings, which a walk does not read, are made for what is asked by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from benchmarks.harness import done_by_owner
from shian.engine.trace.actions.drawing import (
    digest_of,
    enter_identifiers,
    enter_movements,
    enter_parties,
    graph_changed,
    hold_graph,
)

HUBS, SALES, PARTIES, SLICE = 4, 25, 33_000, 100_000
LOT = "urn:shian:bench:lot:"
_AT = "'2026-10-01T00:00:00Z'::timestamptz"
_TABLE = "trace_movement"


@dataclass(frozen=True)
class City:
    """So many lots; so many sales of each hub and of the giant."""

    lots: int
    hub: int
    giant: int

    @property
    def movements(self) -> int:
        return HUBS * self.hub + self.giant + len(self.sold)

    @property
    def plain(self) -> range:
        """Lots that are neither hub nor giant."""
        return range(HUBS + 1, self.lots)

    @property
    def sold(self) -> range:
        """Holdings of whoever bought of a plain lot."""
        first = self.lots + 1 + HUBS * self.hub + self.giant
        return range(first, first + len(self.plain) * SALES)

    def buyers(self, root: int) -> range:
        """Holdings of whoever bought of a hub, the giant or a lot."""
        if root in self.plain:
            first = self.sold.start + (root - self.plain.start) * SALES
            return range(first, first + SALES)
        first = self.lots + 1 + root * self.hub
        return range(first, first + (self.giant if root == HUBS else self.hub))

    def seller(self, sold: int) -> int:
        """The lot of which a holding was bought."""
        return self.plain.start + (sold - self.sold.start) // SALES


def draw(city: City, scratch: str) -> None:
    """The movements, as an import into an empty city draws them: without indexes, which are made afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid = %s::regclass AND NOT indisprimary", [_TABLE],
        )  # fmt: skip
        indexes = cursor.fetchall()
        done_by_owner(scratch, f"TRUNCATE {_TABLE}", *(f"DROP INDEX {name}" for name, _definition in indexes))
        hold_graph(_run)
        for root in range(HUBS + 1):
            buyers = city.buyers(root)
            enter_movements(_run, _sales(f"{root}, n, 1", f"generate_series({buyers.start}, {buyers.stop - 1}) n"))
        for first in range(city.plain.start, city.plain.stop, SLICE):
            last, base = min(first + SLICE, city.plain.stop) - 1, city.sold.start - city.plain.start * SALES
            told = f"n, {base} + n * {SALES} + p, CASE WHEN p % 8 = 0 THEN 2 ELSE 1 END"
            enter_movements(
                _run, _sales(told, f"generate_series({first}, {last}) n, generate_series(0, {SALES - 1}) p")
            )
        graph_changed(_run)
    done_by_owner(scratch, *(definition for _name, definition in indexes), f"VACUUM (ANALYZE) {_TABLE}")


def name_holdings(city: City, scratch: str, roots: Iterable[int], sold: Iterable[int], area: str) -> None:
    """Parties, lots and holdings of these roots and of those who bought of them, and of these holdings with what they
    were bought of. Every holding has a lot of its own, called LOT and its number; parties hold several."""
    nodes = {each for root in roots for each in (root, *city.buyers(root))}
    digest = digest_of(f"'{LOT}' || a.node")
    nodes |= {each for holding in sold for each in (holding, city.seller(holding))}
    areas = f"'{area[:2]}', '{area[:4]}', '{area}', '', ''"
    enter_parties(
        _run, f"SELECT 'urn:shian:bench:party:' || n, NULL::bigint, {areas} FROM generate_series(1, {PARTIES}) n"
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE asked (node bigint)")
        with cursor.cursor.copy("COPY asked FROM STDIN") as copy:
            copy.write("".join(f"{node}\n" for node in nodes))
        enter_identifiers(_run, f"SELECT '{LOT}' || node FROM asked")
        cursor.execute(
            "INSERT INTO trace_holding (id, lot, party_id, first_at, made, uom) SELECT a.node, i.id, "
            f"(SELECT min(id) FROM trace_party) + a.node % {PARTIES}, {_AT}, CASE WHEN a.node < {city.lots} "
            f"THEN 1000 END, 'KGM' FROM asked a JOIN trace_identifier i ON i.digest = {digest}"
        )
        cursor.execute("DROP TABLE asked")
    done_by_owner(scratch, *(f"VACUUM (ANALYZE) trace_{each}" for each in ("holding", "identifier", "party")))


def _sales(columns: str, rows: str) -> str:
    """SELECT of movements of one kilogram: source, target and ring of each row."""
    return (
        f"SELECT source, target, {_AT}, 1::float8, 1, 2, 1, ring, 'KGM' "
        f"FROM (SELECT {columns} FROM {rows}) told (source, target, ring)"
    )


def _run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)
