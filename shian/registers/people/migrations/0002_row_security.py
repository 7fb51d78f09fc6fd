"""Persons and posts show the web role what the transaction's settings reach (kernel/scope/walls.py); unset, nothing."""

from django.db import migrations

KEYS = "string_to_array(current_setting('shian.keys', true), ',')"
SYSTEM = "current_setting('shian.system', true) = 'on'"
EVERYTHING = "current_setting('shian.everything', true) = 'on'"
USER = "NULLIF(current_setting('shian.user', true), '')::bigint"
AREAS = " OR ".join(f"{level} = ANY({KEYS})" for level in ("province", "city", "county", "township", "village"))

FORWARD = f"""
ALTER TABLE people_post ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_post FORCE ROW LEVEL SECURITY;
CREATE POLICY people_post_reach ON people_post USING ({SYSTEM} OR {EVERYTHING} OR {AREAS});
ALTER TABLE people_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE people_person FORCE ROW LEVEL SECURITY;
CREATE POLICY people_person_reach ON people_person USING (
    {SYSTEM} OR {EVERYTHING} OR user_id = {USER}
    OR EXISTS (SELECT 1 FROM people_post post WHERE post.person_id = people_person.id)
);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD)]
