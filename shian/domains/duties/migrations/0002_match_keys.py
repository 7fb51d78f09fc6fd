"""A match repeats the letter of its tier and the level of its official: the database compares both with their rows."""

from django.db import migrations

FORWARD = """
ALTER TABLE duties_match ADD CONSTRAINT duties_match_official_of_level
    FOREIGN KEY (official_id, level) REFERENCES duties_official (id, level);
ALTER TABLE duties_match ADD CONSTRAINT duties_match_tier_of_operator
    FOREIGN KEY (tier_row_id, operator_id, tier) REFERENCES duties_tier (id, operator_id, tier);
"""


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD)]
