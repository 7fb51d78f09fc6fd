"""Visits and what they found show the web role those of the reach: where they were made, or where the business lies
now; besides, an official's own ones and those of the own businesses, wherever they are.

What does not depend on the row is asked once per statement (the selects in brackets), for coverage reads a whole
quarter; where a business lies now is asked row by row and last: few visits need it, and `IN` would read the whole
register for a single one. kernel/scope/walls.py sets what is asked.
"""

from django.db import migrations

SYSTEM = "(SELECT current_setting('shian.system', true) = 'on' OR current_setting('shian.everything', true) = 'on')"
USER = "NULLIF(current_setting('shian.user', true), '')::bigint"
KEYS = "(SELECT string_to_array(current_setting('shian.keys', true), ','))::text[]"
LEVELS = ("province", "city", "county", "township", "village")
AREAS = " OR ".join(f"{level} = ANY({KEYS})" for level in LEVELS)
NOW_THERE = " OR ".join(f"o.{level} = ANY({KEYS})" for level in LEVELS)
OWN = f"SELECT f.id FROM duties_official f JOIN people_person p ON p.id = f.person_id WHERE p.user_id = {USER}"
WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_reach ON {table} USING ({rows});
"""
VISITS = WALL.format(
    table="duties_dutyvisit",
    rows=f"{SYSTEM} OR {AREAS} OR official_id = ANY(ARRAY({OWN})) "
    f"OR operator_id = ANY(ARRAY(SELECT m.operator_id FROM duties_match m WHERE m.official_id IN ({OWN}))) "
    f"OR (SELECT {NOW_THERE} FROM operators_operator o WHERE o.id = operator_id)",
)
FAULTS = WALL.format(
    table="duties_visitfault",
    rows=f"{SYSTEM} OR EXISTS (SELECT 1 FROM duties_dutyvisit v WHERE v.id = visit_id)",
)


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0004_frozen_quarters"), ("operators", "0001_initial"), ("people", "0002_row_security"),
    ]  # fmt: skip
    operations = [migrations.RunSQL(VISITS + FAULTS)]
