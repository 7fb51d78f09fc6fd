"""What was said stays said: the database refuses to change an issued notice, its lines and a briefing, and numbers
briefings without a gap."""

from django.db import migrations

GUARD = """
CREATE FUNCTION campaign_notice_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME;
END $$;
CREATE TRIGGER campaign_weeklynotice_kept BEFORE UPDATE OR DELETE ON campaign_weeklynotice
    FOR EACH ROW EXECUTE FUNCTION campaign_notice_is_kept();
CREATE TRIGGER campaign_noticeline_kept BEFORE UPDATE OR DELETE ON campaign_noticeline
    FOR EACH ROW EXECUTE FUNCTION campaign_notice_is_kept();
"""
NUMBER = """
CREATE FUNCTION campaign_briefing_is_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(
        concat_ws('/', 'campaign_briefing', NEW.city, NEW.county, NEW.series, NEW.year), 0));
    SELECT COALESCE(max(number), 0) + 1 INTO NEW.number FROM campaign_briefing
    WHERE city = NEW.city AND county = NEW.county AND series = NEW.series AND year = NEW.year;
    RETURN NEW;
END $$;
CREATE TRIGGER campaign_briefing_numbered BEFORE INSERT ON campaign_briefing
    FOR EACH ROW EXECUTE FUNCTION campaign_briefing_is_numbered();
CREATE TRIGGER campaign_briefing_kept BEFORE UPDATE OR DELETE ON campaign_briefing
    FOR EACH ROW EXECUTE FUNCTION campaign_notice_is_kept();
"""
UNNUMBER = """
DROP TRIGGER campaign_briefing_kept ON campaign_briefing;
DROP TRIGGER campaign_briefing_numbered ON campaign_briefing;
DROP FUNCTION campaign_briefing_is_numbered();
"""
UNGUARD = """
DROP TRIGGER campaign_weeklynotice_kept ON campaign_weeklynotice;
DROP TRIGGER campaign_noticeline_kept ON campaign_noticeline;
DROP FUNCTION campaign_notice_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("campaign", "0003_guards")]
    operations = [migrations.RunSQL(GUARD, UNGUARD), migrations.RunSQL(NUMBER, UNNUMBER)]
