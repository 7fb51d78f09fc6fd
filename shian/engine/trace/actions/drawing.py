"""Movements that rows of a domain are: drawn by statements over them, so that millions never pass through Python.

    hold_graph(run)
    enter_parties(run, "SELECT uri, operator_id, province, city, county, township, village FROM …")
    enter_identifiers(run, "SELECT uri FROM …")
    enter_holdings(run, "SELECT lot, party, at, made, uom FROM …")
    enter_movements(run, "SELECT source, target, at, quantity, seller, buyer, kind, ring, uom FROM …")
    enter_transfers(run, "SELECT lot, source, at, quantity, seller, buyer, kind, ring, uom FROM …")  # both for millions
    graph_changed(run)

`run` executes a statement and answers how many rows it touched. All in one transaction, in this order; each `SELECT`
yields the columns that are named. Domains take back what they drew by deleting from trace_movement and calling
graph_changed. Identifiers are private URIs (urn:…): lots with a GTIN come by capture, which knows their product.
"""

from collections.abc import Callable

Run = Callable[[str], int]
AREA = "province, city, county, township, village"
_MOVEMENTS = "INSERT INTO trace_movement (source, target, at, quantity, seller, buyer, kind, ring, uom)"


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
        f"{_MOVEMENTS} SELECT * FROM ({rows}) told (source, target, at, quantity, seller, buyer, kind, ring, uom) "
        "WHERE source <> target ORDER BY source, target"
    )


def enter_transfers(run: Run, rows: str) -> int:
    """Goods that go on to buyers: holdings of theirs that are new, and the movements to them. How many were drawn.

    The rows are read once, and holdings are numbered before they are written: so no join asks the statistics of tables
    that grow by the very rows. Nothing is made by going on.
    """
    run("DROP TABLE IF EXISTS trace_told, trace_held")
    run(
        "CREATE TEMPORARY TABLE trace_told ON COMMIT DROP AS SELECT * "
        f"FROM ({rows}) told (lot, source, at, quantity, seller, buyer, kind, ring, uom)"
    )
    run("ANALYZE trace_told (lot, buyer)")
    run(
        "CREATE TEMPORARY TABLE trace_held ON COMMIT DROP AS SELECT lot, party, at, uom, known IS NULL AS is_new, "
        "at < first_at AS is_earlier, "
        "COALESCE(known, nextval((SELECT pg_get_serial_sequence('trace_holding', 'id')::regclass))) AS id "
        "FROM (SELECT w.*, h.id AS known, h.first_at FROM (SELECT lot, buyer AS party, min(at) AS at, max(uom) AS uom "
        "FROM trace_told GROUP BY 1, 2) w LEFT JOIN trace_holding h ON h.lot = w.lot AND h.party_id = w.party "
        "ORDER BY w.lot, w.party) w"
    )
    run("ANALYZE trace_held (lot, party, is_earlier)")
    run(
        "INSERT INTO trace_holding (id, lot, party_id, first_at, uom) "
        "SELECT id, lot, party, at, uom FROM trace_held WHERE is_new"
    )
    run(
        "UPDATE trace_holding h SET first_at = w.at, uom = GREATEST(h.uom, w.uom) FROM trace_held w "
        "WHERE w.is_earlier AND h.id = w.id AND h.lot = w.lot"
    )
    return run(
        f"{_MOVEMENTS} SELECT t.source, w.id, t.at, t.quantity, t.seller, t.buyer, t.kind, t.ring, t.uom "
        "FROM trace_told t JOIN trace_held w ON w.lot = t.lot AND w.party = t.buyer "
        "WHERE t.source <> w.id ORDER BY t.lot, t.buyer"
    )


def graph_changed(run: Run) -> None:
    """Kept answers are answers to another graph from now on."""
    run("UPDATE trace_graph SET version = nextval('trace_graph_version_seq')")
