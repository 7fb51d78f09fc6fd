"""A function by which the web role, which owns no table, has the planner look at out-orders again.

The server looks by itself while a package comes in, and does not see the markets of which nothing is committed yet: a
list of theirs is then sorted whole instead of read from its index.
"""

from django.db import migrations

ANALYSED = """
CREATE FUNCTION tracing_analyse() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    ANALYZE public.tracing_outorder (market_id, merchant_id, variety_id, buyer, in_order_id, sold_at);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tracing", "0005_orders_without_lot_counted")]
    operations = [migrations.RunSQL(ANALYSED)]
