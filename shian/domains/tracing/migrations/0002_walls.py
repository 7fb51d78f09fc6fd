"""Row-level security on who trades and who grows, and sums that the database keeps itself.

Names and telephones of merchants and producers are seen in the area, by the own people, and by those of the operator that
runs the market. Triggers count a market's days, what of an in-order is sold and what of a certificate is used, whoever
writes orders: so a file that is taken back leaves no sum behind. They count what moved of imported batches and of meals
too, and let nothing move that was not released. Temperatures lie in one table a month.
"""

from django.db import migrations

SYSTEM = "current_setting('shian.system', true) = 'on' OR current_setting('shian.everything', true) = 'on'"
KEYS = "string_to_array(current_setting('shian.keys', true), ',')"
OWN = "string_to_array(NULLIF(current_setting('shian.operators', true), ''), ',')::bigint[]"
AREAS = " OR ".join(f"{level} = ANY({KEYS})" for level in ("province", "city", "county", "township", "village"))
WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_reach ON {table} USING ({system} OR {areas} OR operator_id = ANY({own}){more});
"""
RUNS = f" OR EXISTS (SELECT 1 FROM tracing_market m WHERE m.id = market_id AND m.operator_id = ANY({OWN}))"
WALLS = "".join(
    WALL.format(table=table, system=SYSTEM, areas=AREAS, own=OWN, more=more)
    for table, more in (("tracing_merchant", RUNS), ("tracing_producer", ""))
)
SUMS = """
CREATE FUNCTION tracing_count_out() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    INSERT INTO tracing_marketday AS d (market_id, day, ins, refused, outs, in_kg, out_kg, province, city, county, township, village)
    SELECT m.id, s.day, 0, 0, s.outs, 0, s.kg, m.province, m.city, m.county, m.township, m.village
    FROM (SELECT market_id, (sold_at AT TIME ZONE 'Asia/Shanghai')::date AS day, sign * count(*) AS outs,
                 sign * sum(quantity) AS kg FROM moved GROUP BY 1, 2) s
    JOIN tracing_market m ON m.id = s.market_id ORDER BY 1, 2
    ON CONFLICT (market_id, day) DO UPDATE SET outs = d.outs + EXCLUDED.outs, out_kg = d.out_kg + EXCLUDED.out_kg;
    UPDATE tracing_inorder i SET sold = i.sold + m.quantity
    FROM (SELECT in_order_id, sign * sum(quantity) AS quantity FROM moved WHERE in_order_id IS NOT NULL GROUP BY 1
          ORDER BY 1) m
    WHERE i.id = m.in_order_id;
    IF sign < 0 THEN
        UPDATE trace_graph SET version = nextval('trace_graph_version_seq');
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION tracing_count_in() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    IF sign < 0 AND EXISTS (SELECT 1 FROM moved m JOIN tracing_outorder o ON o.in_order_id = m.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'in-orders that were sold from stay', TABLE = 'tracing_outorder';
    END IF;
    INSERT INTO tracing_marketday AS d (market_id, day, ins, refused, outs, in_kg, out_kg, province, city, county, township, village)
    SELECT m.id, s.day, s.ins, s.refused, 0, s.kg, 0, m.province, m.city, m.county, m.township, m.village
    FROM (SELECT market_id, (received_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
                 sign * count(*) FILTER (WHERE verdict = 'admitted') AS ins,
                 sign * count(*) FILTER (WHERE verdict = 'refused') AS refused,
                 sign * coalesce(sum(quantity) FILTER (WHERE verdict = 'admitted'), 0) AS kg
          FROM moved GROUP BY 1, 2) s
    JOIN tracing_market m ON m.id = s.market_id ORDER BY 1, 2
    ON CONFLICT (market_id, day) DO UPDATE
    SET ins = d.ins + EXCLUDED.ins, refused = d.refused + EXCLUDED.refused, in_kg = d.in_kg + EXCLUDED.in_kg;
    UPDATE tracing_certificate c SET used = c.used + m.quantity
    FROM (SELECT certificate_id, sign * sum(quantity) AS quantity FROM moved
          WHERE certificate_id IS NOT NULL AND verdict = 'admitted' GROUP BY 1 ORDER BY 1) m
    WHERE c.id = m.certificate_id;
    IF sign < 0 THEN
        UPDATE trace_holding h SET made = NULLIF(h.made - m.quantity, 0)
        FROM (SELECT holding, sum(quantity) AS quantity FROM moved b
              WHERE certificate_id IS NULL AND holding IS NOT NULL AND NOT EXISTS (
                  SELECT 1 FROM tracing_outorder o WHERE o.id = b.source_order_id AND o.in_order_id IS NOT NULL)
              GROUP BY 1 ORDER BY 1) m
        WHERE h.id = m.holding AND h.made IS NOT NULL;
        UPDATE trace_graph SET version = nextval('trace_graph_version_seq');
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION tracing_count_parts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE tracing_certificate c SET used = c.used + m.quantity
    FROM (SELECT source_id, sum(quantity) AS quantity FROM moved GROUP BY 1 ORDER BY 1) m WHERE c.id = m.source_id;
    UPDATE tracing_inorder i SET sold = i.sold + m.quantity
    FROM (SELECT in_order_id, sum(quantity) AS quantity FROM moved GROUP BY 1 ORDER BY 1) m WHERE i.id = m.in_order_id;
    RETURN NULL;
END $$;
CREATE FUNCTION tracing_unmake() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE trace_holding h SET made = NULLIF(h.made - m.quantity, 0) FROM moved m WHERE h.id = m.holding;
    UPDATE trace_graph SET version = nextval('trace_graph_version_seq');
    RETURN NULL;
END $$;
CREATE TRIGGER tracing_out_counted AFTER INSERT ON tracing_outorder
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION tracing_count_out();
CREATE TRIGGER tracing_out_taken_back AFTER DELETE ON tracing_outorder
    REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION tracing_count_out();
CREATE TRIGGER tracing_in_counted AFTER INSERT ON tracing_inorder
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION tracing_count_in();
CREATE TRIGGER tracing_in_taken_back AFTER DELETE ON tracing_inorder
    REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION tracing_count_in();
CREATE TRIGGER tracing_certificate_taken_back AFTER DELETE ON tracing_certificate
    REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION tracing_unmake();
CREATE TRIGGER tracing_parts_counted AFTER INSERT ON tracing_certificatesource
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION tracing_count_parts();
"""

COLD = """
CREATE TABLE tracing_coldreading (
    device_id bigint NOT NULL REFERENCES tracing_colddevice (id),
    at timestamptz NOT NULL,
    celsius numeric(5, 2) NOT NULL,
    humidity numeric(5, 2) CHECK (humidity BETWEEN 0 AND 100),
    PRIMARY KEY (device_id, at)
) PARTITION BY RANGE (at);
CREATE FUNCTION tracing_reading_month(at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    first timestamp := date_trunc('month', at AT TIME ZONE 'UTC');
    name text := 'tracing_coldreading_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('tracing_reading_month'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF tracing_coldreading FOR VALUES FROM (%L) TO (%L)',
                   name, first AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
END $$;
CREATE FUNCTION tracing_count_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    IF sign > 0 AND EXISTS (
        SELECT 1 FROM moved m JOIN tracing_coldstock s ON s.id = m.source_id
        JOIN tracing_coldbatch b ON b.id = s.cold_batch_id WHERE b.state <> 'released'
    ) THEN
        RAISE check_violation USING MESSAGE = 'goods without a release number stay', CONSTRAINT = 'tracing_move_released';
    END IF;
    UPDATE tracing_coldstock s SET received = s.received + sign * d.came, sent = s.sent + sign * d.left_it
    FROM (SELECT stock, sum(came) AS came, sum(left_it) AS left_it FROM (
              SELECT source_id AS stock, 0 AS came, quantity AS left_it FROM moved
              UNION ALL SELECT target_id, quantity, 0 FROM moved WHERE target_id IS NOT NULL
          ) told GROUP BY 1 ORDER BY 1) d
    WHERE s.id = d.stock;
    IF sign < 0 THEN
        UPDATE trace_graph SET version = nextval('trace_graph_version_seq');
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION tracing_unmake_stock() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE trace_holding h SET made = NULLIF(h.made - m.begun, 0) FROM moved m WHERE h.id = m.holding AND m.begun > 0;
    UPDATE trace_graph SET version = nextval('trace_graph_version_seq');
    RETURN NULL;
END $$;
CREATE TRIGGER tracing_coldstock_taken_back AFTER DELETE ON tracing_coldstock
    REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION tracing_unmake_stock();
CREATE FUNCTION tracing_count_inputs() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    IF sign > 0 AND EXISTS (
        SELECT 1 FROM moved m JOIN tracing_coldstock s ON s.id = m.stock_id
        JOIN tracing_coldbatch b ON b.id = s.cold_batch_id WHERE b.state <> 'released'
    ) THEN
        RAISE check_violation USING MESSAGE = 'goods without a release number stay', CONSTRAINT = 'tracing_move_released';
    END IF;
    UPDATE tracing_coldstock s SET sent = s.sent + sign * d.quantity
    FROM (SELECT stock_id, sum(quantity) AS quantity FROM moved WHERE stock_id IS NOT NULL GROUP BY 1 ORDER BY 1) d
    WHERE s.id = d.stock_id;
    RETURN NULL;
END $$;
CREATE FUNCTION tracing_count_portions() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    UPDATE tracing_kitchensheet s SET sent = s.sent + sign * d.portions
    FROM (SELECT sheet_id, sum(portions) AS portions FROM moved GROUP BY 1 ORDER BY 1) d WHERE s.id = d.sheet_id;
    RETURN NULL;
END $$;
"""
COUNTED = "".join(
    f"CREATE TRIGGER {table}_{name} AFTER {event} ON {table} "
    f"REFERENCING {rows} TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
    for table, function in (
        ("tracing_coldmove", "tracing_count_moves"),
        ("tracing_kitcheninput", "tracing_count_inputs"),
        ("tracing_kitchendispatch", "tracing_count_portions"),
    )
    for name, event, rows in (("counted", "INSERT", "NEW"), ("taken_back", "DELETE", "OLD"))
)


class Migration(migrations.Migration):
    dependencies = [("tracing", "0001_initial"), ("trace", "0002_events_by_month")]
    operations = [migrations.RunSQL(WALLS), migrations.RunSQL(SUMS), migrations.RunSQL(COLD), migrations.RunSQL(COUNTED)]
