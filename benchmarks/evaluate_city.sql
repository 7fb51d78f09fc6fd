-- The opponent of evaluate_city.py: the same evaluation as one script written by hand for this one standard and this one
-- set of ledgers. It computes the twenty-three bound figures for every area at every level, decides the state of every item
-- in every area, keeps the rows with their basis in the same tables and sums the scores. It knows no declarations, makes
-- no digests and no seals; each new standard or ledger means writing it again.
-- Parameters: %(city)s key of the city, %(as_of)s, %(standard)s, %(scoring)s.

CREATE TEMPORARY TABLE hand_area ON COMMIT DROP AS
SELECT key, level, city, county, township FROM areas_area
WHERE city = %(city)s AND level IN ('city', 'county', 'township')
  AND valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(as_of)s);

CREATE TEMPORARY TABLE hand_duty ON COMMIT DROP AS
WITH post AS MATERIALIZED (
    SELECT * FROM selfcontrol_appointment WHERE city = %(city)s
      AND appointed_on <= %(as_of)s AND (ended_on IS NULL OR ended_on > %(as_of)s)
), at_work AS (
    SELECT operator_id, bool_or(duty = 'officer') AS officer, bool_or(duty = 'director') AS director
    FROM post WHERE suspended_on IS NULL OR suspended_on > %(as_of)s GROUP BY operator_id
), report AS MATERIALIZED (
    SELECT operator_id, array_agg(duty_class) AS classes FROM selfcontrol_selfexam
    WHERE year = date_part('year', %(as_of)s::date) AND reported_on <= %(as_of)s GROUP BY operator_id
), head AS (
    SELECT id FROM operators_operator WHERE code IN (SELECT chain_code FROM operators_operator WHERE chain_code <> '')
), business AS (
    SELECT v.city, v.county, v.township, v.kind = '食品生产' AS is_producer, v.format = '特殊食品生产' AS is_special,
        h.id IS NOT NULL OR v.format = '批发市场' OR v.format = '食品批发商' AND (v.size IN ('大型', '中型')
            OR (SELECT employees FROM operators_operator o WHERE o.id = v.operator_id) >= 20) AS is_trader,
        v.kind IN ('食品生产', '食品销售', '餐饮服务', '农贸市场') AS owes_officer,
        (v.format IN ('特殊食品生产', '特大型餐馆', '大型餐馆', '中型餐馆', '中央厨房', '集体用餐配送单位')
            OR v.size IN ('大型', '中型') AND (v.kind IN ('食品生产', '食品销售')
                OR v.format IN ('学校食堂', '托幼机构食堂', '机关食堂', '企事业单位食堂', '医院食堂'))
            OR v.kind IN ('食品销售', '餐饮服务') AND h.id IS NOT NULL
            OR v.kind = '农贸市场' AND v.size = '大型') AS owes_director, w.officer, w.director, r.classes
    FROM operators_operatorversion v LEFT JOIN head h ON h.id = v.operator_id
    LEFT JOIN at_work w USING (operator_id) LEFT JOIN report r USING (operator_id)
    WHERE v.city = %(city)s AND v.valid_from <= %(as_of)s AND (v.valid_to IS NULL OR v.valid_to > %(as_of)s)
), business_sum AS (
    SELECT COALESCE(township, county, city) AS key,
        count(*) FILTER (WHERE is_producer) AS producers, count(*) FILTER (WHERE is_special) AS specials,
        count(*) FILTER (WHERE is_trader) AS traders, count(*) FILTER (WHERE owes_officer) AS owing,
        count(*) FILTER (WHERE is_producer AND 'producer' = ANY (classes)) AS producers_told,
        count(*) FILTER (WHERE is_special AND 'special' = ANY (classes)) AS specials_told,
        count(*) FILTER (WHERE is_trader AND classes && ARRAY['chain', 'wholesaler', 'market']::varchar[]) AS traders_told,
        count(*) FILTER (WHERE owes_officer AND officer AND (NOT owes_director OR director)) AS staffed
    FROM business GROUP BY GROUPING SETS ((city), (county), (township))
), trained AS (
    SELECT a.staff_id, sum(k.hours) AS hours FROM selfcontrol_attendance a
    JOIN selfcontrol_trainingsession k ON k.id = a.session_id
    WHERE k.held_on <= %(as_of)s AND date_part('year', k.held_on) = date_part('year', %(as_of)s::date) GROUP BY a.staff_id
), post_sum AS (
    SELECT COALESCE(township, county, city) AS key, min(COALESCE(hours, 0)) AS hours
    FROM post LEFT JOIN trained USING (staff_id) GROUP BY GROUPING SETS ((city), (county), (township))
), exam_sum AS (
    SELECT COALESCE(township, county, city) AS key, count(*) AS taken, count(*) FILTER (WHERE passed) AS passed
    FROM selfcontrol_exam WHERE city = %(city)s AND score IS NOT NULL AND examined_on <= %(as_of)s
      AND examined_on >= date_trunc('year', %(as_of)s::date) GROUP BY GROUPING SETS ((city), (county), (township))
), special_sum AS (
    SELECT COALESCE(township, county, city) AS key, sum(rectified) AS rectified, sum(problems) AS problems
    FROM selfcontrol_selfexam WHERE city = %(city)s AND duty_class = 'special' AND reported_on <= %(as_of)s
      AND year = date_part('year', %(as_of)s::date) GROUP BY GROUPING SETS ((city), (county), (township))
), tier_sum AS (
    SELECT COALESCE(township, county, city) AS key, count(*) AS tiers FROM duties_tier
    WHERE city = %(city)s AND state = 'confirmed' AND valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(as_of)s)
    GROUP BY GROUPING SETS ((city), (county), (township))
), visited AS (
    SELECT DISTINCT operator_id FROM duties_dutyvisit
    WHERE visited_on BETWEEN date_trunc('quarter', %(as_of)s::date) AND %(as_of)s
), match_sum AS (
    SELECT COALESCE(township, county, city) AS key, count(*) AS matches, count(v.operator_id) AS visited
    FROM duties_match LEFT JOIN visited v USING (operator_id)
    WHERE city = %(city)s AND valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(as_of)s)
    GROUP BY GROUPING SETS ((city), (county), (township))
)
SELECT key, f.measure, f.part * 100.0 / NULLIF(f.whole, 0) AS value, f.part, f.whole
FROM hand_area LEFT JOIN business_sum USING (key) LEFT JOIN exam_sum USING (key) LEFT JOIN special_sum USING (key)
LEFT JOIN tier_sum USING (key) LEFT JOIN match_sum USING (key)
CROSS JOIN LATERAL (VALUES
    ('selfcontrol.reports_producer', producers_told::numeric, producers::numeric),
    ('selfcontrol.reports_special', specials_told, specials), ('selfcontrol.reports_trader', traders_told, traders),
    ('selfcontrol.staffed', staffed, owing), ('selfcontrol.exam_rate', passed, taken),
    ('selfcontrol.special_rectified', rectified, problems), ('duty_matches.coverage', matches, tiers),
    ('duty_rounds.completion', visited, matches)) AS f (measure, part, whole)
UNION ALL SELECT key, 'selfcontrol.hours_least', hours, NULL, NULL FROM hand_area JOIN post_sum USING (key);

CREATE TEMPORARY TABLE hand_figure ON COMMIT DROP AS
WITH row AS MATERIALIZED (
    SELECT * FROM ledgers_ledgerrow WHERE city = %(city)s AND ledger IN (
        'monitoring_sites', 'grain_monitoring', 'grain_stock', 'drills', 'survey_results', 'evaluative_sampling',
        'credit_models', 'awards_brands', 'industry_clusters', 'leading_enterprises', 'major_events', 'incidents')
      AND (valid_from IS NULL OR valid_from <= %(as_of)s) AND (valid_to IS NULL OR valid_to > %(as_of)s)
      AND (occurs_on IS NULL OR occurs_on <= %(as_of)s)
), kept AS (SELECT DISTINCT ledger FROM ledgers_ledgerrow),
area_row AS (
    SELECT a.key AS area, r.* FROM hand_area a JOIN row r ON
        (a.level = 'city' AND r.city = a.key) OR (a.level = 'county' AND r.county = a.key)
        OR (a.level = 'township' AND r.township = a.key)
), summed AS (
    SELECT area AS key,
        count(DISTINCT data->>'area_code') FILTER (WHERE ledger = 'monitoring_sites') AS sites,
        sum((data->>'tonnes')::numeric) FILTER (WHERE ledger = 'grain_monitoring' AND date_part('year', occurs_on) = date_part('year', %(as_of)s::date)) AS sampled,
        sum((data->>'tonnes')::numeric) FILTER (WHERE ledger = 'grain_stock') AS stock,
        count(*) FILTER (WHERE ledger = 'grain_monitoring' AND (data->>'has_problem')::bool AND data->>'handled_on' IS NOT NULL AND date_part('year', occurs_on) = date_part('year', %(as_of)s::date)) AS handled,
        count(*) FILTER (WHERE ledger = 'grain_monitoring' AND (data->>'has_problem')::bool AND date_part('year', occurs_on) = date_part('year', %(as_of)s::date)) AS problems,
        count(*) FILTER (WHERE ledger = 'drills' AND data->>'kind' = '实战演练' AND data->>'organiser_level' = '市级' AND occurs_on >= %(as_of)s::date - interval '24 months') AS drills,
        sum((data->>'passed')::numeric) FILTER (WHERE ledger = 'evaluative_sampling' AND occurs_on >= %(as_of)s::date - interval '12 months') AS passed,
        sum((data->>'tested')::numeric) FILTER (WHERE ledger = 'evaluative_sampling' AND occurs_on >= %(as_of)s::date - interval '12 months') AS tested,
        count(DISTINCT data->>'sector') FILTER (WHERE ledger = 'credit_models' AND data->>'sector' = '食品生产经营') AS models,
        count(*) FILTER (WHERE ledger = 'awards_brands' AND data->>'kind' = '政府质量奖' AND data->>'level' IN ('国家级', '省级')) AS awards,
        max((data->>'output')::numeric) FILTER (WHERE ledger = 'industry_clusters') AS cluster,
        count(*) FILTER (WHERE ledger = 'leading_enterprises' AND (data->>'is_supported')::bool AND date_part('year', occurs_on) = date_part('year', %(as_of)s::date)) AS supported,
        sum((data->>'incidents')::numeric) FILTER (WHERE ledger = 'major_events') AS event_incidents,
        count(*) FILTER (WHERE ledger = 'incidents' AND data->>'kind' = '事故' AND data->>'grade' IN ('重大', '特别重大') AND occurs_on >= %(as_of)s::date - interval '36 months') AS major,
        count(*) FILTER (WHERE ledger = 'incidents' AND (data->>'is_grave')::bool AND data->>'kind' IN ('事故', '事件', '舆情') AND occurs_on >= %(as_of)s::date - interval '36 months') AS grave
    FROM area_row GROUP BY area
), latest AS (
    SELECT DISTINCT ON (COALESCE(NULLIF(township, ''), NULLIF(county, ''), city), data->>'measure')
        COALESCE(NULLIF(township, ''), NULLIF(county, ''), city) AS key, data->>'measure' AS measure,
        (data->>'score')::numeric AS score
    FROM row WHERE ledger = 'survey_results' AND (data->>'is_official')::bool
      AND (data->>'measure' = '知晓率' OR data->>'unit' = '分')
    ORDER BY 1, 2, occurs_on DESC
), towns AS (
    SELECT a.key, count(*) AS townships FROM hand_area a JOIN hand_area t ON t.level = 'township'
      AND (a.key = t.city OR a.key = t.county OR a.key = t.township) GROUP BY a.key
)
SELECT a.key, f.measure, f.value, f.part, f.whole
FROM hand_area a LEFT JOIN summed s USING (key) LEFT JOIN towns w USING (key)
CROSS JOIN LATERAL (VALUES
    ('monitoring_sites.township_coverage', COALESCE(s.sites, 0) * 100.0 / NULLIF(w.townships, 0), s.sites::numeric, w.townships::numeric),
    ('grain_monitoring.coverage', s.sampled * 100.0 / NULLIF(s.stock, 0), s.sampled, s.stock),
    ('grain_monitoring.handled_rate', s.handled * 100.0 / NULLIF(s.problems, 0), s.handled::numeric, s.problems::numeric),
    ('drills.city_live_2y', CASE WHEN EXISTS (SELECT FROM kept WHERE ledger = 'drills') THEN COALESCE(s.drills, 0) END, NULL, NULL),
    ('evaluative_sampling.pass_rate', s.passed * 100.0 / NULLIF(s.tested, 0), s.passed, s.tested),
    ('credit_models.food_in_use', CASE WHEN EXISTS (SELECT FROM kept WHERE ledger = 'credit_models') THEN COALESCE(s.models, 0) END, NULL, NULL),
    ('awards_brands.provincial_quality_awards', CASE WHEN EXISTS (SELECT FROM kept WHERE ledger = 'awards_brands') THEN COALESCE(s.awards, 0) END, NULL, NULL),
    ('industry_clusters.largest', s.cluster, NULL, NULL),
    ('leading_enterprises.new_supported', CASE WHEN EXISTS (SELECT FROM kept WHERE ledger = 'leading_enterprises') THEN COALESCE(s.supported, 0) END, NULL, NULL),
    ('major_events.incidents', s.event_incidents, NULL, NULL),
    ('incidents.major_3y', CASE WHEN EXISTS (SELECT FROM kept WHERE ledger = 'incidents') THEN COALESCE(s.major, 0) END, NULL, NULL),
    ('incidents.grave_3y', CASE WHEN EXISTS (SELECT FROM kept WHERE ledger = 'incidents') THEN COALESCE(s.grave, 0) END, NULL, NULL),
    ('survey_results.satisfaction', (SELECT score FROM latest l WHERE l.key = a.key AND measure = '满意度'), NULL, NULL),
    ('survey_results.awareness', (SELECT score FROM latest l WHERE l.key = a.key AND measure = '知晓率'), NULL, NULL)
) AS f (measure, value, part, whole)
UNION ALL SELECT * FROM hand_duty;

CREATE TEMPORARY TABLE hand_result ON COMMIT DROP AS
WITH verdict AS (
    SELECT DISTINCT ON (indicator_code, area_code) *,
        CASE WHEN length(area_code) = 6 AND area_code LIKE '%%00' THEN left(area_code, 4) ELSE area_code END AS key
    FROM campaign_verdict WHERE standard_id = %(standard)s AND superseded_at IS NULL AND reviewed_on <= %(as_of)s
    ORDER BY indicator_code, area_code, reviewed_on DESC, id DESC
), reading AS (
    SELECT a.key, m.indicator_id, count(*) FILTER (WHERE m.measure <> '') AS bound, count(f.value) AS present,
        bool_and(CASE m.operator WHEN '>=' THEN f.value >= m.threshold WHEN '=' THEN f.value = m.threshold
                                 WHEN '<=' THEN f.value <= m.threshold END) FILTER (WHERE f.value IS NOT NULL) AS met,
        avg(LEAST(1, CASE WHEN m.threshold = 0 THEN (f.value = 0)::int ELSE f.value / m.threshold END)) AS attainment,
        jsonb_agg(jsonb_build_object('key', m.key, 'title', m.title, 'measure', m.measure, 'value', f.value::text,
            'part', f.part::text, 'whole', f.whole::text, 'unit', m.unit, 'operator', m.operator,
            'threshold', m.threshold::text, 'reason', m.unknown_reason) ORDER BY m."order") AS basis,
        string_agg(m.title || '：' || COALESCE(NULLIF(m.unknown_reason, ''), '台账为空'), '；')
            FILTER (WHERE f.value IS NULL) AS missing
    FROM hand_area a JOIN campaign_indicatormeasure m ON a.level = ANY (m.levels)
    JOIN campaign_indicator i ON i.id = m.indicator_id AND i.standard_id = %(standard)s
    LEFT JOIN hand_figure f ON f.key = a.key AND f.measure = m.measure GROUP BY a.key, m.indicator_id
), judged AS (
    SELECT a.*, i.id AS indicator_id, i.section_number, i.lead_codes, i.is_veto,
        (sc.weights->>i.code)::numeric AS weight, r.basis, r.missing, v.verdict, v.reason AS said, v.reviewer,
        CASE WHEN NOT a.level = ANY (i.levels) OR v.verdict = '不适用' THEN 'not_applicable'
             WHEN r.bound > 0 AND r.bound = r.present THEN
                 CASE WHEN i.computability = 'external' THEN 'external' ELSE 'computed' END
             WHEN v.id IS NOT NULL THEN 'verdict' ELSE 'unknown' END AS state,
        CASE WHEN r.present > 0 THEN LEAST(COALESCE(v.ratio, 1),
             CASE WHEN i.code IN ('4.24.1', '4.25.1', '4.26.1') THEN r.attainment ELSE r.met::int END)
             ELSE v.ratio END AS ratio
    FROM hand_area a CROSS JOIN campaign_indicator i
    JOIN campaign_scoringversion sc ON sc.id = %(scoring)s
    LEFT JOIN reading r ON r.key = a.key AND r.indicator_id = i.id
    LEFT JOIN verdict v ON v.key = a.key AND v.indicator_code = i.code
    WHERE i.standard_id = %(standard)s
)
SELECT key, level, city, county, township, indicator_id, section_number, state, lead_codes,
    CASE WHEN state IN ('computed', 'verdict', 'external') THEN round(ratio, 4) END AS ratio,
    CASE WHEN state = 'not_applicable' THEN 0 ELSE weight END AS weight,
    CASE WHEN state IN ('computed', 'verdict', 'external') THEN round(weight * round(ratio, 4), 4) END AS score,
    CASE WHEN is_veto AND state <> 'not_applicable' THEN
        CASE WHEN state = 'unknown' THEN 'unknown' WHEN ratio = 1 THEN 'clear' ELSE 'triggered' END ELSE '' END AS veto_state,
    COALESCE(said, missing, CASE state WHEN 'not_applicable' THEN '不适用于本级' ELSE '尚无评审结论' END) AS reason,
    jsonb_build_object('measures', COALESCE(basis, '[]'), 'verdict', verdict, 'reviewer', reviewer) AS basis
FROM judged;

CREATE TEMPORARY TABLE hand_run ON COMMIT DROP AS
WITH made AS (
    INSERT INTO campaign_evaluation (standard_id, scoring_id, area_key, as_of, is_current, result_digest, created_at, created_by,
                                     province, city, county, township, village)
    VALUES (%(standard)s, %(scoring)s, %(city)s, %(as_of)s, FALSE, '', now(), 'by hand', left(%(city)s, 2), %(city)s, '', '', '')
    RETURNING id)
SELECT id FROM made;

INSERT INTO campaign_itemresult (evaluation_id, indicator_id, section_number, lead_codes, area_key, level, province, city,
    county, township, village, state, value, unit, operator, threshold, margin, met, ratio, weight, score, lost, formula,
    reasons, stated_reason, veto_state, is_near_veto, basis, digest)
SELECT run.id, indicator_id, section_number, lead_codes, key, level, left(key, 2), city, county, township, '', state,
    (basis->'measures'->0->>'value')::numeric, '', '', NULL, NULL, ratio = 1, ratio, weight, score, weight - score, '',
    jsonb_build_array(jsonb_build_object('code', 'said', 'text', reason)), '', veto_state, FALSE, basis, '' FROM hand_result, hand_run run;

INSERT INTO campaign_areascore (evaluation_id, area_key, level, province, city, county, township, village, section_number,
    as_of, earned, possible, decided, computed, verdict, external, unknown, not_applicable, vetoes_clear, vetoes_triggered,
    vetoes_unknown)
SELECT evaluation_id, area_key, level, province, city, county, township, '', COALESCE(section_number, 0), %(as_of)s,
    COALESCE(sum(score), 0), sum(weight), COALESCE(sum(weight) FILTER (WHERE score IS NOT NULL), 0),
    count(*) FILTER (WHERE state = 'computed'), count(*) FILTER (WHERE state = 'verdict'),
    count(*) FILTER (WHERE state = 'external'), count(*) FILTER (WHERE state = 'unknown'),
    count(*) FILTER (WHERE state = 'not_applicable'), count(*) FILTER (WHERE veto_state = 'clear'),
    count(*) FILTER (WHERE veto_state = 'triggered'), count(*) FILTER (WHERE veto_state = 'unknown')
FROM campaign_itemresult WHERE evaluation_id = (SELECT id FROM hand_run)
GROUP BY evaluation_id, area_key, level, province, city, county, township, GROUPING SETS ((section_number), ());
