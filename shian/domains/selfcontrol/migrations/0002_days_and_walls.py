"""Daily records in monthly partitions, and row-level security on who works for which operator.

Two functions of the owner make a month's partition and drop one whose time is over; the web role may call them and can
neither make nor drop a table otherwise. The younger 24 months are never dropped, whoever asks.
"""

from django.db import migrations

DAYS = """
CREATE TABLE selfcontrol_dailycontrol (
    operator_id bigint NOT NULL REFERENCES operators_operator (id),
    day date NOT NULL,
    province varchar(2) NOT NULL, city varchar(4) NOT NULL, county varchar(6) NOT NULL,
    township varchar(9) NOT NULL, village varchar(12) NOT NULL,
    result varchar(7) NOT NULL CHECK (result IN ('clear', 'problem')),
    problems smallint NOT NULL CHECK (problems >= 0),
    list_version integer NOT NULL CHECK (list_version >= 0),
    answers jsonb NOT NULL,
    is_late boolean NOT NULL,
    is_backfilled boolean NOT NULL,
    is_reported boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    noted_at timestamptz,
    clock integer,
    recorded_by varchar(150) NOT NULL,
    PRIMARY KEY (operator_id, day),
    CONSTRAINT selfcontrol_day_result CHECK ((result = 'problem') = (problems > 0)),
    CONSTRAINT selfcontrol_day_noted_by_a_clock CHECK ((noted_at IS NULL) = (clock IS NULL)),
    CONSTRAINT selfcontrol_day_backfilled_is_late CHECK (is_late OR NOT is_backfilled)
) PARTITION BY RANGE (day);
CREATE INDEX selfcontrol_day_area ON selfcontrol_dailycontrol (day, city, county, township)
    INCLUDE (operator_id, result, is_late, is_backfilled);

CREATE FUNCTION selfcontrol_keep_month(wanted date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    first date := date_trunc('month', wanted);
    name text := 'selfcontrol_dailycontrol_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass('public.' || name) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext(name));
    IF to_regclass('public.' || name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.selfcontrol_dailycontrol FOR VALUES FROM (%L) TO (%L)',
                   name, first, (first + interval '1 month')::date);
    RETURN true;
END $$;

CREATE FUNCTION selfcontrol_drop_months(before date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    youngest date := date_trunc('month', LEAST(before, (current_date - interval '24 months')::date));
    name text;
    dropped integer := 0;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.selfcontrol_dailycontrol'::regclass
          AND to_date(right(c.relname, 6), 'YYYYMM') < youngest
    LOOP
        EXECUTE format('DROP TABLE public.%I', name);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
"""

SYSTEM = "current_setting('shian.system', true) = 'on' OR current_setting('shian.everything', true) = 'on'"
KEYS = "string_to_array(current_setting('shian.keys', true), ',')"
OWN = "string_to_array(NULLIF(current_setting('shian.operators', true), ''), ',')::bigint[]"
AREAS = " OR ".join(f"o.{level} = ANY({KEYS})" for level in ("province", "city", "county", "township", "village"))
WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_reach ON {table} USING (
    {system} OR operator_id = ANY({own})
    OR EXISTS (SELECT 1 FROM operators_operator o WHERE o.id = operator_id AND ({areas}))
);
"""
WALLS = "".join(
    WALL.format(table=table, system=SYSTEM, own=OWN, areas=AREAS)
    for table in ("selfcontrol_safetystaff", "selfcontrol_operatoraccount")
)


class Migration(migrations.Migration):
    dependencies = [("selfcontrol", "0001_initial"), ("operators", "0001_initial")]
    operations = [migrations.RunSQL(DAYS), migrations.RunSQL(WALLS)]
