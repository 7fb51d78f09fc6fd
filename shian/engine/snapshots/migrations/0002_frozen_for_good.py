"""The database itself refuses to change or remove what was frozen."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION snapshots_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'frozen figures never change: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER snapshots_dailyfigure_frozen BEFORE UPDATE OR DELETE ON snapshots_dailyfigure
    FOR EACH ROW EXECUTE FUNCTION snapshots_refuse();
CREATE TRIGGER snapshots_dailyfigure_kept BEFORE TRUNCATE ON snapshots_dailyfigure
    FOR EACH STATEMENT EXECUTE FUNCTION snapshots_refuse();
"""
BACKWARD = """
DROP TRIGGER snapshots_dailyfigure_kept ON snapshots_dailyfigure;
DROP TRIGGER snapshots_dailyfigure_frozen ON snapshots_dailyfigure;
DROP FUNCTION snapshots_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("snapshots", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
