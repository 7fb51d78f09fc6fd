"""The database itself refuses to change or delete an issued version, but for its withdrawal; a submission, but for its
completion and release, each once; and a file that came with one."""

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
CREATE FUNCTION forms_refuse_submission() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    later jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) END;
    added text[] := ARRAY['completed_at', 'released_at'];
BEGIN
    IF TG_OP = 'DELETE' OR before - added <> later - added
        OR (before->>'completed_at' IS NOT NULL AND before->'completed_at' <> later->'completed_at')
        OR (before->>'released_at' IS NOT NULL AND before->'released_at' <> later->'released_at')
    THEN
        RAISE EXCEPTION 'submissions never change: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER forms_formsubmission_kept BEFORE UPDATE OR DELETE ON forms_formsubmission
    FOR EACH ROW EXECUTE FUNCTION forms_refuse_submission();
CREATE TRIGGER forms_submissionfile_kept BEFORE UPDATE OR DELETE ON forms_submissionfile
    FOR EACH ROW EXECUTE FUNCTION forms_refuse_submission();
"""
BACKWARD = """
DROP TRIGGER forms_submissionfile_kept ON forms_submissionfile;
DROP TRIGGER forms_formsubmission_kept ON forms_formsubmission;
DROP FUNCTION forms_refuse_submission();
DROP TRIGGER forms_formversion_issued ON forms_formversion;
DROP FUNCTION forms_refuse_version();
"""


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
