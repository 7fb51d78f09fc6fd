"""Events lie in one table a month, by the time at which they were recorded. Items of events have no key: an
index of identifiers alone holds one that is told often in a few bytes each time.

`trace_event_month` makes the month of a moment where it is missing. It runs as the owner of the tables: the web role
owns nothing. Whoever captures calls it first; two at once wait for each other.
"""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE trace_event_id_seq;
CREATE TABLE trace_event (
    id bigint NOT NULL DEFAULT nextval('trace_event_id_seq'),
    record_time timestamptz NOT NULL,
    time timestamptz NOT NULL,
    read_point bigint,
    biz_location bigint,
    transformation bigint,
    capture bigint NOT NULL,
    blob integer NOT NULL,
    party_id bigint NOT NULL,
    place smallint NOT NULL,
    kind smallint NOT NULL,
    action smallint,
    digest bytea NOT NULL,
    marks bigint[] NOT NULL DEFAULT '{}',
    biz_step varchar(512) NOT NULL DEFAULT '',
    disposition varchar(512) NOT NULL DEFAULT '',
    error_reason varchar(512) NOT NULL DEFAULT '',
    error_at timestamptz,
    PRIMARY KEY (id, record_time)
) PARTITION BY RANGE (record_time);
ALTER SEQUENCE trace_event_id_seq OWNED BY trace_event.id;
CREATE INDEX trace_event_time ON trace_event (time);
CREATE INDEX trace_event_party ON trace_event (party_id);
CREATE INDEX trace_event_location ON trace_event (biz_location) WHERE biz_location IS NOT NULL;
CREATE INDEX trace_event_point ON trace_event (read_point) WHERE read_point IS NOT NULL;
CREATE INDEX trace_event_transformation ON trace_event (transformation) WHERE transformation IS NOT NULL;
CREATE INDEX trace_event_marks ON trace_event USING gin (marks);
CREATE TABLE trace_eventitem (
    identifier bigint NOT NULL,
    event bigint NOT NULL,
    quantity float8,
    role smallint NOT NULL,
    is_class boolean NOT NULL,
    uom varchar(3) NOT NULL DEFAULT ''
);
CREATE INDEX trace_eventitem_identifier ON trace_eventitem (identifier);

CREATE FUNCTION trace_event_month(at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    first timestamp := date_trunc('month', at AT TIME ZONE 'UTC');
    name text := 'trace_event_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('trace_event_month'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF trace_event FOR VALUES FROM (%L) TO (%L)',
                   name, first AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
END $$;
CREATE SEQUENCE trace_graph_version_seq;
INSERT INTO trace_graph (id, version) VALUES (1, 0);
"""
BACKWARD = """
DROP SEQUENCE trace_graph_version_seq;
DROP FUNCTION trace_event_month(timestamptz);
DROP TABLE trace_eventitem, trace_event;
"""


class Migration(migrations.Migration):
    dependencies = [("trace", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
