"""A function by which the web role, which owns no table, has the planner look at duties' tables again.

After a city's tiers were confirmed the statistics still say that none are: a plan made for one row then goes through
all of them once per operator, until the server comes round by itself a minute later.
"""

from django.db import migrations

ANALYSED = """
CREATE FUNCTION duties_analyse() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    ANALYZE public.duties_tier (operator_id, tier, state, origin, valid_to),
        public.duties_match (operator_id, official_id, tier_row_id, valid_to),
        public.duties_censusentry (operator_id, state, valid_to);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("duties", "0006_training_tests")]
    operations = [migrations.RunSQL(ANALYSED)]
