"""The database itself refuses to change a published document, its figures, or a former version of any document."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reports_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held text;
BEGIN
    IF TG_TABLE_NAME = 'reports_document' THEN
        held := OLD.state;
    ELSE
        SELECT state INTO held FROM reports_document WHERE id = OLD.document_id;
    END IF;
    IF held = 'published' THEN
        RAISE EXCEPTION 'published documents never change: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER reports_document_published BEFORE UPDATE OR DELETE ON reports_document
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_published();
CREATE TRIGGER reports_documentfigure_published BEFORE UPDATE OR DELETE ON reports_documentfigure
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_published();
CREATE FUNCTION reports_refuse_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'former versions never change: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER reports_documentversion_kept BEFORE UPDATE OR DELETE ON reports_documentversion
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_version();
"""
BACKWARD = """
DROP TRIGGER reports_documentversion_kept ON reports_documentversion;
DROP FUNCTION reports_refuse_version();
DROP TRIGGER reports_documentfigure_published ON reports_documentfigure;
DROP TRIGGER reports_document_published ON reports_document;
DROP FUNCTION reports_refuse_published();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
