"""What the database refuses: changing evidence and verdicts, and writing in a locked week without a correction."""

from django.db import migrations

GUARD_EVIDENCE = """
CREATE FUNCTION campaign_evidence_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are added, never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER campaign_evidenceversion_kept BEFORE UPDATE ON campaign_evidenceversion
    FOR EACH ROW EXECUTE FUNCTION campaign_evidence_is_kept();
CREATE TRIGGER campaign_reviewverdict_kept BEFORE UPDATE ON campaign_reviewverdict
    FOR EACH ROW EXECUTE FUNCTION campaign_evidence_is_kept();
"""
UNGUARD_EVIDENCE = """
DROP TRIGGER campaign_evidenceversion_kept ON campaign_evidenceversion;
DROP TRIGGER campaign_reviewverdict_kept ON campaign_reviewverdict;
DROP FUNCTION campaign_evidence_is_kept();
"""
GUARD_WEEKS = """
CREATE FUNCTION campaign_week_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE report bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.report_id ELSE NEW.report_id END;
BEGIN
    IF COALESCE(current_setting('shian.correction', true), '') <> 'on' AND EXISTS (
        SELECT 1 FROM campaign_weekreport r JOIN campaign_week w ON w.id = r.week_id
        WHERE r.id = report AND w.locked_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'the week of report % is locked: only a recorded correction changes it', report;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER campaign_weekline_locked BEFORE INSERT OR UPDATE OR DELETE ON campaign_weekline
    FOR EACH ROW EXECUTE FUNCTION campaign_week_is_locked();
"""
UNGUARD_WEEKS = """
DROP TRIGGER campaign_weekline_locked ON campaign_weekline;
DROP FUNCTION campaign_week_is_locked();
"""


class Migration(migrations.Migration):
    dependencies = [("campaign", "0002_standardnode")]
    operations = [
        migrations.RunSQL(GUARD_EVIDENCE, UNGUARD_EVIDENCE),
        migrations.RunSQL(GUARD_WEEKS, UNGUARD_WEEKS),
    ]
