"""The database itself refuses to change a frozen row, a batch once it is taken, and all but the receiver's answer of a batch that was sent."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION exchange_refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'frozen rows never change: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER exchange_reportrow_frozen BEFORE UPDATE OR DELETE ON exchange_reportrow
    FOR EACH ROW EXECUTE FUNCTION exchange_refuse_row();
CREATE FUNCTION exchange_refuse_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'asked' AND (OLD.report, OLD.area_key, OLD.as_of, OLD.definition, OLD.columns, OLD.totals, OLD.rows_count,
        OLD.problem_rows, OLD.taken_at, OLD.taken_by) IS DISTINCT FROM (NEW.report, NEW.area_key, NEW.as_of,
        NEW.definition, NEW.columns, NEW.totals, NEW.rows_count, NEW.problem_rows, NEW.taken_at, NEW.taken_by)
    THEN
        RAISE EXCEPTION 'a taken batch never changes: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state IN ('sent', 'accepted', 'returned') AND (OLD.file_id, OLD.sent_at, OLD.sent_by, OLD.gaps_reason)
        IS DISTINCT FROM (NEW.file_id, NEW.sent_at, NEW.sent_by, NEW.gaps_reason)
    THEN
        RAISE EXCEPTION 'a sent batch never changes: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exchange_reportbatch_frozen BEFORE UPDATE OR DELETE ON exchange_reportbatch
    FOR EACH ROW EXECUTE FUNCTION exchange_refuse_batch();
"""
BACKWARD = """
DROP TRIGGER exchange_reportbatch_frozen ON exchange_reportbatch;
DROP FUNCTION exchange_refuse_batch();
DROP TRIGGER exchange_reportrow_frozen ON exchange_reportrow;
DROP FUNCTION exchange_refuse_row();
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
