"""Days of markets count the out-orders that do not tell their lot, so that no list has to."""

from django.db import migrations, models

COUNTED = """
CREATE OR REPLACE FUNCTION tracing_count_out() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    INSERT INTO tracing_marketday AS d
        (market_id, day, ins, refused, outs, unknown, in_kg, out_kg, province, city, county, township, village)
    SELECT m.id, s.day, 0, 0, s.outs, s.unknown, 0, s.kg, m.province, m.city, m.county, m.township, m.village
    FROM (SELECT market_id, (sold_at AT TIME ZONE 'Asia/Shanghai')::date AS day, sign * count(*) AS outs,
                 sign * count(*) FILTER (WHERE in_order_id IS NULL) AS unknown, sign * sum(quantity) AS kg
          FROM moved GROUP BY 1, 2) s
    JOIN tracing_market m ON m.id = s.market_id ORDER BY 1, 2
    ON CONFLICT (market_id, day) DO UPDATE
    SET outs = d.outs + EXCLUDED.outs, unknown = d.unknown + EXCLUDED.unknown, out_kg = d.out_kg + EXCLUDED.out_kg;
    UPDATE tracing_inorder i SET sold = i.sold + m.quantity
    FROM (SELECT in_order_id, sign * sum(quantity) AS quantity FROM moved WHERE in_order_id IS NOT NULL GROUP BY 1
          ORDER BY 1) m
    WHERE i.id = m.in_order_id;
    IF sign < 0 THEN
        UPDATE trace_graph SET version = nextval('trace_graph_version_seq');
    END IF;
    RETURN NULL;
END $$;
UPDATE tracing_marketday d SET unknown = s.unknown
FROM (SELECT market_id, (sold_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS unknown
      FROM tracing_outorder WHERE in_order_id IS NULL GROUP BY 1, 2) s
WHERE d.market_id = s.market_id AND d.day = s.day;
"""


class Migration(migrations.Migration):
    dependencies = [("tracing", "0004_narrow_order_indexes")]
    operations = [
        migrations.AddField("marketday", "unknown", models.IntegerField(default=0, db_default=0)),
        migrations.RunSQL(COUNTED),
    ]
