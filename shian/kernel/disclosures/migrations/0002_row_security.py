"""Everybody's deeds are written down; administrators read them (kernel/scope/walls.py); nobody changes them."""

from django.db import migrations

SYSTEM = "current_setting('shian.system', true) = 'on'"
EVERYTHING = "current_setting('shian.everything', true) = 'on'"

FORWARD = f"""
ALTER TABLE disclosures_disclosure ENABLE ROW LEVEL SECURITY;
ALTER TABLE disclosures_disclosure FORCE ROW LEVEL SECURITY;
CREATE POLICY disclosures_disclosure_read ON disclosures_disclosure FOR SELECT USING ({SYSTEM} OR {EVERYTHING});
CREATE POLICY disclosures_disclosure_write ON disclosures_disclosure FOR INSERT WITH CHECK ({SYSTEM});
"""


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD)]
