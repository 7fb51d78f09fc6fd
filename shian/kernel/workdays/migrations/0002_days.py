"""Every day as an ordinary one, and the arithmetic over many rows: docs/law/workdays.md says what each function answers."""

from django.db import migrations

FORWARD = """
INSERT INTO workdays_calendarday (day, is_workday, is_provisional, holiday_name, source_doc, number)
SELECT d::date, extract(isodow FROM d) < 6, TRUE, '', '',
       count(*) FILTER (WHERE extract(isodow FROM d) < 6) OVER (ORDER BY d)
FROM generate_series('2000-01-01'::timestamp, '2049-12-31'::timestamp, '1 day') AS d;

CREATE FUNCTION workdays_renumber() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE moved integer;
BEGIN
    UPDATE workdays_calendarday c SET number = n.number
    FROM (SELECT id, count(*) FILTER (WHERE is_workday) OVER (ORDER BY day) AS number FROM workdays_calendarday) n
    WHERE c.id = n.id AND c.number <> n.number;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END $$;

-- n > 0: the n-th working day after the start; n = 0: the start or the next working day; n < 0: the n-th before it.
CREATE FUNCTION workdays_target(number integer, is_workday boolean, n integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN n > 0 THEN number + n WHEN is_workday THEN number + n ELSE number + n + 1 END
$$;

CREATE FUNCTION workdays_add(start date, n integer) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT e.day FROM workdays_calendarday s
    JOIN workdays_calendarday e ON e.is_workday AND e.number = workdays_target(s.number, s.is_workday, n)
    WHERE s.day = start
$$;

-- The same with days that do not count (both ends of a pause included); NULL while a pause that is reached stands open.
CREATE FUNCTION workdays_add(start date, n integer, pauses datemultirange) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN n > 0 AND NOT isempty(pauses) THEN (
        SELECT c.day FROM workdays_calendarday c
        WHERE c.is_workday AND c.day > start AND NOT pauses @> c.day
        ORDER BY c.day OFFSET n - 1 LIMIT 1
    ) ELSE workdays_add(start, n) END
$$;

-- Working days after the first day up to and including the last; negative when the last day comes first.
CREATE FUNCTION workdays_between(first date, last date) RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT e.number - s.number FROM workdays_calendarday s, workdays_calendarday e
    WHERE s.day = first AND e.day = last
$$;
"""
BACKWARD = """
DROP FUNCTION workdays_between(date, date);
DROP FUNCTION workdays_add(date, integer, datemultirange);
DROP FUNCTION workdays_add(date, integer);
DROP FUNCTION workdays_target(integer, boolean, integer);
DROP FUNCTION workdays_renumber();
DELETE FROM workdays_calendarday;
"""


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
