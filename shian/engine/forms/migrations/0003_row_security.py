"""Submissions and their files show the web role one's own, and those of the reach once they are released, for the office
of a city also before; a county's office stands beside whoever is checked (kernel/scope/walls.py): the same cut as FormSubmission.objects.visible_to."""

from django.db import migrations

SYSTEM = "current_setting('shian.system', true) = 'on'"
EVERYTHING = "current_setting('shian.everything', true) = 'on'"
USER = "nullif(current_setting('shian.user', true), '')::bigint"
KEYS = "string_to_array(current_setting('shian.keys', true), ',')"
AREAS = " OR ".join(f"{level} = ANY({KEYS})" for level in ("province", "city", "county", "township", "village"))
CITYWIDE = " OR ".join(f"{level} = ANY({KEYS})" for level in ("province", "city"))
IS_OFFICE = f"EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = {USER} AND u.role = 'office')"
OWN = f"user_id = {USER} OR (({AREAS}) AND (released_at IS NOT NULL OR (({CITYWIDE}) AND {IS_OFFICE})))"
WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_reach ON {table} USING ({rows});
"""
OF_SUBMISSION = "EXISTS (SELECT 1 FROM forms_formsubmission s WHERE s.id = submission_id)"


class Migration(migrations.Migration):
    dependencies = [("forms", "0002_issued_for_good"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            WALL.format(table="forms_formsubmission", rows=f"{SYSTEM} OR {EVERYTHING} OR {OWN}")
            + WALL.format(table="forms_submissionfile", rows=f"{SYSTEM} OR {EVERYTHING} OR {OF_SUBMISSION}")
        )
    ]
