"""Visits and their findings show the web role what the transaction's settings reach: a covert visit exists for its
visitors and for the unit that sent them, until it is released (models/visits.py asks the same in Python). Whoever sees a
visit sees the point that it goes to, wherever that lies."""

from django.db import migrations

SYSTEM = "current_setting('shian.system', true) = 'on'"
EVERYTHING = "current_setting('shian.everything', true) = 'on'"
USER = "NULLIF(current_setting('shian.user', true), '')::bigint"
KEYS = "string_to_array(current_setting('shian.keys', true), ',')"
UNITS = "string_to_array(current_setting('shian.units', true), ',')"
AREAS = " OR ".join(f"{level} = ANY({KEYS})" for level in ("province", "city", "county", "township", "village"))
OWN = f"lead_id = {USER} OR second_id = {USER} OR issuer_id = ANY({UNITS})"
OPEN = "mode = 'overt' OR released_at IS NOT NULL"
WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_reach ON {table} USING ({rows});
"""
VISITS = WALL.format(
    table="fieldchecks_fieldvisit", rows=f"{SYSTEM} OR {EVERYTHING} OR {OWN} OR (({OPEN}) AND ({AREAS}))"
)
FINDINGS = WALL.format(
    table="fieldchecks_finding",
    rows=f"{SYSTEM} OR {EVERYTHING} OR EXISTS (SELECT 1 FROM fieldchecks_fieldvisit v WHERE v.id = visit_id)",
)
VISITED = """
CREATE POLICY fieldchecks_fieldpoint_visited ON fieldchecks_fieldpoint FOR SELECT
    USING (EXISTS (SELECT 1 FROM fieldchecks_fieldvisit v WHERE v.point_id = fieldchecks_fieldpoint.id));
"""


class Migration(migrations.Migration):
    dependencies = [("fieldchecks", "0003_visits")]
    operations = [migrations.RunSQL(VISITS + FINDINGS + VISITED)]
