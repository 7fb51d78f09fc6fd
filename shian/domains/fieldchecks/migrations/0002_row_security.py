"""Points show the web role what the transaction's settings reach (kernel/scope/walls.py), and what is covert only to
those who prepare covert checks (models/covert.py asks the same in Python)."""

from django.db import migrations

SYSTEM = "current_setting('shian.system', true) = 'on'"
EVERYTHING = "current_setting('shian.everything', true) = 'on'"
USER = "NULLIF(current_setting('shian.user', true), '')::bigint"
KEYS = "string_to_array(current_setting('shian.keys', true), ',')"
AREAS = " OR ".join(f"{level} = ANY({KEYS})" for level in ("province", "city", "county", "township", "village"))
SEES_COVERT = (
    f"EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = {USER} AND u.role IN ('admin', 'office', 'department', 'county'))"
)
WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_reach ON {table} USING ({rows});
"""
POINTS = WALL.format(
    table="fieldchecks_fieldpoint",
    rows=f"{SYSTEM} OR {EVERYTHING} OR (({AREAS}) AND (mode = 'overt' OR {SEES_COVERT}))",
)


class Migration(migrations.Migration):
    dependencies = [("fieldchecks", "0001_initial"), ("accounts", "0001_initial")]
    operations = [migrations.RunSQL(POINTS)]
