"""One order or certificate drawn into engine/trace's graph, by the same statements as files."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from shian.domains.tracing.rules.naming import operator_uri
from shian.engine.trace.actions.drawing import (
    AREA,
    digest_of,
    enter_holdings,
    enter_identifiers,
    enter_movements,
    enter_parties,
    graph_changed,
    hold_graph,
)
from shian.engine.trace.models import Holding, Identifier, MovementKind, Ring
from shian.engine.trace.rules.identifiers import short_digest
from shian.registers.operators.models import Operator


def told(values: dict[str, Any]) -> Callable[[str], int]:
    """Runs statements with these parameters."""

    def run(statement: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)

    return run


def hold() -> None:
    """Files and single steps take turns: whoever draws holds the graph before any row, so no two wait crosswise."""
    hold_graph(told({}))


def lot_of(uri: str) -> int:
    """The number of a lot, entered where it is new."""
    enter_identifiers(told({"uri": uri}), "SELECT %(uri)s")
    return int(Identifier.objects.values_list("pk", flat=True).get(digest=short_digest(uri)))


def party_of(operator: Operator) -> int:
    """The party of a registered operator, entered where it is new."""
    uri = operator_uri(operator.code)
    values = {"uri": uri, "operator": operator.pk} | {level: getattr(operator, level) for level in AREA.split(", ")}
    areas = ", ".join(f"%({level})s::text" for level in AREA.split(", "))
    enter_parties(told(values), f"SELECT %(uri)s::text, %(operator)s::bigint, {areas}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM trace_party p JOIN trace_identifier i ON i.id = p.identifier "
            f"WHERE i.digest = {digest_of('%s')}",
            [uri],
        )
        return int(cursor.fetchone()[0])


def holding_of(lot: int, party: int, at: datetime, made: Decimal | None = None) -> int:
    """The number of a holding, entered where it is new; `made`: kilograms that begin here. The caller holds."""
    values = {"lot": lot, "party": party, "at": at, "made": made}
    enter_holdings(
        told(values), "SELECT %(lot)s::bigint, %(party)s::integer, %(at)s::timestamptz, %(made)s::float8, 'KGM'"
    )
    graph_changed(told({}))
    return int(Holding.objects.values_list("pk", flat=True).get(lot=lot, party=party))


def moved(
    source: int, target: int, at: datetime, kilos: Decimal | None, kind: MovementKind, ring: Ring = Ring.CONFIRMED
) -> None:
    """A movement from one holding to another; its ends say who sold and who bought. The caller holds."""
    values = {"source": source, "target": target, "at": at, "kilos": kilos, "kind": int(kind), "ring": int(ring)}
    enter_movements(
        told(values),
        "SELECT a.id, b.id, %(at)s::timestamptz, %(kilos)s::float8, a.party_id::integer, b.party_id::integer, "
        "%(kind)s::smallint, %(ring)s::smallint, 'KGM' FROM trace_holding a, trace_holding b "
        "WHERE a.id = %(source)s AND b.id = %(target)s",
    )
    graph_changed(told({}))
