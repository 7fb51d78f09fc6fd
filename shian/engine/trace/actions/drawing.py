"""Movements that rows of a domain are: drawn by statements over them, so that millions never pass through Python.

    hold_graph(run)
    enter_parties(run, "SELECT uri, operator_id, province, city, county, township, village FROM …")
    enter_identifiers(run, "SELECT uri FROM …")
    enter_holdings(run, "SELECT lot, party, at, made, uom FROM …")
    enter_movements(run, "SELECT source, target, at, quantity, seller, buyer, kind, ring, uom FROM …")
    graph_changed(run)

`run` executes a statement and answers how many rows it touched. All in one transaction, in this order; each `SELECT`
yields the columns that are named. Domains take back what they drew by deleting from trace_movement and calling
graph_changed. Identifiers are private URIs (urn:…): lots with a GTIN come by capture, which knows their product.
"""

from collections.abc import Callable

Run = Callable[[str], int]
AREA = "province, city, county, township, village"


def digest_of(uri: str) -> str:
    """SQL of what an identifier is found by (rules.identifiers.short_digest), from SQL of its URI."""
    return f"substring(sha256(convert_to({uri}, 'UTF8')) FROM 1 FOR 16)"


def hold_graph(run: Run) -> None:
    """Nobody else adds to the graph before the transaction ends."""
    run("SELECT pg_advisory_xact_lock(hashtext('trace_graph'))")


def enter_identifiers(run: Run, rows: str) -> None:
    """Identifiers that are new."""
    run(
        f"INSERT INTO trace_identifier (digest, uri) SELECT DISTINCT {digest_of('told.uri')}, told.uri "
        f"FROM ({rows}) told (uri) ORDER BY 1 ON CONFLICT (digest) DO NOTHING"
    )


def enter_parties(run: Run, rows: str) -> None:
    """Parties that are new; one that was known without its operator gets it, and its area with it."""
    columns = f"uri, operator_id, {AREA}"
    enter_identifiers(run, f"SELECT uri FROM ({rows}) each ({columns})")
    areas = ", ".join(f"{each} = EXCLUDED.{each}" for each in AREA.split(", "))
    run(
        f"INSERT INTO trace_party AS p (identifier, operator_id, {AREA}) "
        f"SELECT DISTINCT ON (i.id) i.id, told.operator_id, {', '.join(f'told.{each}' for each in AREA.split(', '))} "
        f"FROM ({rows}) told ({columns}) JOIN trace_identifier i ON i.digest = {digest_of('told.uri')} ORDER BY i.id "
        f"ON CONFLICT (identifier) DO UPDATE SET operator_id = EXCLUDED.operator_id, {areas} "
        "WHERE p.operator_id IS NULL AND EXCLUDED.operator_id IS NOT NULL"
    )


def enter_holdings(run: Run, rows: str) -> None:
    """Holdings that are new; what is made is added to what was made there before."""
    run(
        "INSERT INTO trace_holding AS h (lot, party_id, first_at, made, uom) "
        "SELECT lot, party, min(at), sum(made), max(uom) "
        f"FROM ({rows}) told (lot, party, at, made, uom) GROUP BY lot, party ORDER BY 1, 2 "
        "ON CONFLICT (lot, party_id) DO UPDATE SET first_at = LEAST(h.first_at, EXCLUDED.first_at), "
        "made = COALESCE(h.made + EXCLUDED.made, h.made, EXCLUDED.made), uom = GREATEST(h.uom, EXCLUDED.uom) "
        "WHERE EXCLUDED.first_at < h.first_at OR EXCLUDED.made IS NOT NULL"
    )


def enter_movements(run: Run, rows: str) -> int:
    """Movements; whoever sells to oneself moves nothing. How many were drawn."""
    return run(
        "INSERT INTO trace_movement (source, target, at, quantity, seller, buyer, kind, ring, uom) "
        f"SELECT * FROM ({rows}) told (source, target, at, quantity, seller, buyer, kind, ring, uom) "
        "WHERE source <> target ORDER BY source, target"
    )


def graph_changed(run: Run) -> None:
    """Kept answers are answers to another graph from now on."""
    run("UPDATE trace_graph SET version = nextval('trace_graph_version_seq')")
