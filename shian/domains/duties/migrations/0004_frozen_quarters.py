"""The database itself refuses to change or remove the figures of a quarter that was closed, and those of a notice that
was published."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION duties_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'figures of a closed quarter never change: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER duties_quarterfigure_frozen BEFORE UPDATE OR DELETE ON duties_quarterfigure
    FOR EACH ROW EXECUTE FUNCTION duties_refuse();
CREATE TRIGGER duties_quarterfigure_kept BEFORE TRUNCATE ON duties_quarterfigure
    FOR EACH STATEMENT EXECUTE FUNCTION duties_refuse();
CREATE FUNCTION duties_notice_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM duties_dutynotice n WHERE n.id = OLD.notice_id AND n.state IN ('published', 'followed')) THEN
        RAISE EXCEPTION 'figures of a published notice never change: % refused', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER duties_noticeline_told BEFORE UPDATE OR DELETE ON duties_noticeline
    FOR EACH ROW EXECUTE FUNCTION duties_notice_told();
"""
BACKWARD = """
DROP TRIGGER duties_noticeline_told ON duties_noticeline;
DROP FUNCTION duties_notice_told();
DROP TRIGGER duties_quarterfigure_kept ON duties_quarterfigure;
DROP TRIGGER duties_quarterfigure_frozen ON duties_quarterfigure;
DROP FUNCTION duties_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("duties", "0003_visits")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
