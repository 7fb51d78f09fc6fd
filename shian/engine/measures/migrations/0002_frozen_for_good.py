"""The database itself refuses to change or remove a frozen figure."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION measures_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'frozen figures never change: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER measures_frozenfigure_frozen BEFORE UPDATE OR DELETE ON measures_frozenfigure
    FOR EACH ROW EXECUTE FUNCTION measures_refuse();
"""
BACKWARD = """
DROP TRIGGER measures_frozenfigure_frozen ON measures_frozenfigure;
DROP FUNCTION measures_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("measures", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
