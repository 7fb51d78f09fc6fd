"""Whatever replaces a row's data, the database keeps what it said before."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledgers_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledgers_ledgerrowversion (row_id, data, until, by, batch, brought_by, brought_batch)
    VALUES (OLD.id, OLD.data, NEW.updated_at, NEW.updated_by, NEW.batch, OLD.updated_by, OLD.batch);
    RETURN NULL;
END $$;
CREATE TRIGGER ledgers_ledgerrow_history AFTER UPDATE OF data ON ledgers_ledgerrow
    FOR EACH ROW WHEN (OLD.data IS DISTINCT FROM NEW.data) EXECUTE FUNCTION ledgers_keep_version();
"""
BACKWARD = """
DROP TRIGGER ledgers_ledgerrow_history ON ledgers_ledgerrow;
DROP FUNCTION ledgers_keep_version();
"""


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
