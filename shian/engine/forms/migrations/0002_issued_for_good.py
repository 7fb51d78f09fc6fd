"""The database itself refuses to change or delete an issued version; only its withdrawal is added."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION forms_refuse_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.issued_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
        OR (OLD.form_id, OLD.name, OLD.content, OLD.digest, OLD.xform, OLD.file_id, OLD.valid_from, OLD.uploaded_at,
            OLD.uploaded_by, OLD.issued_at, OLD.issued_by)
        IS DISTINCT FROM (NEW.form_id, NEW.name, NEW.content, NEW.digest, NEW.xform, NEW.file_id, NEW.valid_from,
            NEW.uploaded_at, NEW.uploaded_by, NEW.issued_at, NEW.issued_by)
    THEN
        RAISE EXCEPTION 'issued versions never change: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER forms_formversion_issued BEFORE UPDATE OR DELETE ON forms_formversion
    FOR EACH ROW EXECUTE FUNCTION forms_refuse_version();
"""
BACKWARD = """
DROP TRIGGER forms_formversion_issued ON forms_formversion;
DROP FUNCTION forms_refuse_version();
"""


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
