"""Cases and what hangs on them show the web role what the transaction's settings reach (kernel/scope/walls.py)."""

from django.db import migrations

SYSTEM = "current_setting('shian.system', true) = 'on'"
EVERYTHING = "current_setting('shian.everything', true) = 'on'"
KEYS = "string_to_array(current_setting('shian.keys', true), ',')"
UNITS = "string_to_array(current_setting('shian.units', true), ',')"
AREAS = " OR ".join(f"{level} = ANY({KEYS})" for level in ("province", "city", "county", "township", "village"))
BY_UNIT = "current_setting('shian.by_unit', true) = 'on'"
HERE = f"{BY_UNIT} IS NOT TRUE AND ({AREAS})"
SIDES = " OR ".join(f"{side} = ANY({UNITS})" for side in ("unit_id", "issuer_id", "verifier_id", "asked_unit"))
OWNER = "turn = 'u:' || current_setting('shian.user', true)"
PARTS = ("cases_caseclock", "cases_caseevent", "cases_casefile", "cases_caserequest")
WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_reach ON {table} USING ({rows});
"""
CASES = WALL.format(table="cases_case", rows=f"{SYSTEM} OR {EVERYTHING} OR {HERE} OR {SIDES} OR {OWNER}")
OF_CASE = f"{SYSTEM} OR {EVERYTHING} OR EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(CASES + "".join(WALL.format(table=each, rows=OF_CASE) for each in PARTS))]
