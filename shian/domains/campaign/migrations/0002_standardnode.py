"""The view that measures over the standard read, and the grant of the web role on it."""

from django.db import migrations

CREATE = """
CREATE VIEW campaign_standardnode AS
SELECT row_number() OVER (ORDER BY a.city, st.id, n.kind, n.key) AS id,
       a.province, a.city, ''::varchar AS county, ''::varchar AS township, ''::varchar AS village,
       n.kind, n.key, n.title, n.channel, n.number, st.in_force_from AS valid_from, st.superseded_on AS valid_to
FROM campaign_standard st
JOIN LATERAL (
    SELECT 'section'::varchar AS kind, s.number::varchar AS key, s.title, ''::varchar AS channel, NULL::int AS number
    FROM campaign_section s WHERE s.standard_id = st.id
    UNION ALL
    SELECT 'point', p.number::varchar, p.title, '', NULL
    FROM campaign_point p JOIN campaign_section s ON s.id = p.section_id WHERE s.standard_id = st.id AND p.number > 0
    UNION ALL
    SELECT 'indicator', i.code, i.title, i.primary_channel, NULL
    FROM campaign_indicator i WHERE i.standard_id = st.id
    UNION ALL
    SELECT 'declared', d.key, d.key, '', d.value::int FROM jsonb_each_text(st.declared) d
) n ON TRUE
CROSS JOIN (SELECT DISTINCT province, city FROM areas_area WHERE level = 'city') a
WHERE st.in_force_from IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("campaign", "0001_initial"), ("areas", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP VIEW campaign_standardnode")]
