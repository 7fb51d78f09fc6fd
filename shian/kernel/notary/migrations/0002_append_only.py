"""The database itself refuses to change or remove an entry."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION notary_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'notary entries are append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER notary_entry_append_only BEFORE UPDATE OR DELETE ON notary_entry
    FOR EACH ROW EXECUTE FUNCTION notary_refuse();
CREATE TRIGGER notary_entry_no_truncate BEFORE TRUNCATE ON notary_entry
    FOR EACH STATEMENT EXECUTE FUNCTION notary_refuse();
"""
BACKWARD = """
DROP TRIGGER notary_entry_append_only ON notary_entry;
DROP TRIGGER notary_entry_no_truncate ON notary_entry;
DROP FUNCTION notary_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("notary", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
