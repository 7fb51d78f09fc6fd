"""Who can be drawn, and where they go, show the web role the draws of its reach, for the roles that prepare visits
(kernel/scope/walls.py; permissions.DRAW_READ)."""

from django.db import migrations

SYSTEM = "current_setting('shian.system', true) = 'on'"
EVERYTHING = "current_setting('shian.everything', true) = 'on'"
USER = "nullif(current_setting('shian.user', true), '')::bigint"
KEYS = "string_to_array(current_setting('shian.keys', true), ',')"
AREAS = " OR ".join(f"d.{level} = ANY({KEYS})" for level in ("province", "city", "county", "township", "village"))
PREPARES = f"EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = {USER} AND u.role IN ('office', 'department', 'county'))"
OF_DRAW = f"({PREPARES} AND EXISTS (SELECT 1 FROM draws_draw d WHERE d.id = draw_id AND ({AREAS})))"
OF_PERSON = "EXISTS (SELECT 1 FROM draws_drawperson p WHERE p.id = person_id)"
WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_reach ON {table} USING ({rows});
"""


class Migration(migrations.Migration):
    dependencies = [("draws", "0002_frozen_for_good"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            WALL.format(table="draws_drawperson", rows=f"{SYSTEM} OR {EVERYTHING} OR {OF_DRAW}")
            + WALL.format(table="draws_drawmember", rows=f"{SYSTEM} OR {EVERYTHING} OR {OF_PERSON}")
        )
    ]
