"""Information that units sent in before, and the numbered briefings that carried it, as one file.

A briefing's number is given by the database; the file may only say what that will be. Like an issue itself, an import
of issues is not undone: what was printed stays printed.
"""

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models import DispatchState, Series
from shian.kernel.imports.specs import (
    Counts,
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Staged,
    area_columns_sql,
    register_importer,
    text,
)
from shian.registers.areas.imports import area_checks

STATES = {str(state.label): state.value for state in DispatchState}
SERIES = {str(each.label): each.value for each in Series}
AREA = area_columns_sql("s.area_code")
LEVELS = ", ".join(AREA)
YEAR = "extract(year FROM s.issued_on)"


def _coded(column: str, words: dict[str, str]) -> str:
    """The code of a word of the file."""
    choices = [f"WHEN {column} = '{word}' THEN '{code}'" for word, code in words.items()]
    return f"CASE {' '.join(choices)} END"


def _noon(column: str) -> str:
    return f"(({column} + TIME '10:00') AT TIME ZONE 'Asia/Shanghai')"


SAME_ISSUE = (
    f"b.city = {AREA['city']} AND b.county = {AREA['county']} AND b.series = {_coded('s.series', SERIES)} "
    f"AND b.year = {YEAR}"
)
NEXT = (
    f"(SELECT COALESCE(max(b.number), 0) FROM campaign_briefing b WHERE {SAME_ISSUE}) "
    "+ (SELECT count(DISTINCT o.issue) FROM {staging} o WHERE o.area_code = s.area_code AND o.series = s.series "
    "AND extract(year FROM o.issued_on) = extract(year FROM s.issued_on) AND o.issue <= s.issue AND NOT EXISTS ("
    "SELECT 1 FROM campaign_briefing b WHERE b.number = o.issue AND " + SAME_ISSUE + "))"
)
PRINTED = "s.series IS NOT NULL OR s.issue IS NOT NULL OR s.briefing IS NOT NULL OR s.issued_on IS NOT NULL"
LACKING = "s.series IS NULL OR s.issue IS NULL OR s.briefing IS NULL OR s.issued_on IS NULL OR s.state <> '已采用'"
ISSUE_THERE = f"EXISTS (SELECT 1 FROM campaign_briefing b WHERE b.number = s.issue AND {SAME_ISSUE})"
FOUND = (
    "{staging} s LEFT JOIN campaign_dispatch t ON t.unit_id = s.unit_code AND t.title = s.title "
    "AND (t.submitted_at AT TIME ZONE 'Asia/Shanghai')::date = s.sent_on"
)
COUNT = f"SELECT count(*) FILTER (WHERE t.id IS NULL), count(t.id) FROM {FOUND} WHERE s.is_good"
ISSUES = (
    "INSERT INTO campaign_briefing (series, year, number, title, issued_on, issued_at, issued_by, "
    f"{LEVELS}) SELECT i.* FROM (SELECT DISTINCT ON (s.area_code, s.series, {YEAR}, s.issue) "
    f"{_coded('s.series', SERIES)} AS series, {YEAR}::int AS year, s.issue AS number, s.briefing, s.issued_on, "
    f"{_noon('s.issued_on')} AS at, %(by)s, {', '.join(f'{sql} AS {level}' for level, sql in AREA.items())} "
    f"FROM {{staging}} s WHERE s.is_good AND s.issue IS NOT NULL AND NOT {ISSUE_THERE} "
    f"ORDER BY s.area_code, s.series, {YEAR}, s.issue, s.row_no) i ORDER BY i.year, i.series, i.number"
)
ITEMS = (
    "INSERT INTO campaign_dispatch (unit_id, title, text, state, submitted_at, submitted_by, edited_title, "
    "edited_text, decided_at, reason, briefing_id, place, province, city, county, township, village) "
    f"SELECT s.unit_code, s.title, s.text, {_coded('s.state', STATES)}, {_noon('s.sent_on')}, %(by)s, "
    "CASE WHEN s.state = '已采用' THEN s.title ELSE '' END, CASE WHEN s.state = '已采用' THEN s.text ELSE '' END, "
    f"CASE WHEN s.state IN ('已采用', '未采用') THEN {_noon('COALESCE(s.issued_on, s.sent_on)')} END, "
    f"{text('reason')}, b.id, CASE WHEN b.id IS NOT NULL THEN row_number() OVER (PARTITION BY b.id ORDER BY s.row_no) "
    f"END, u.province, u.city, u.county, u.township, u.village FROM {FOUND} "
    "JOIN people_organisation u ON u.code = s.unit_code "
    f"LEFT JOIN campaign_briefing b ON b.number = s.issue AND {SAME_ISSUE} WHERE s.is_good AND t.id IS NULL "
    "ORDER BY s.sent_on, s.row_no"
)


def _apply(staged: Staged) -> Counts:
    """Issues in the order of their numbers, then the items; what is there already stays as it is."""
    new, same = map(int, staged.rows(COUNT)[0])
    staged.execute(ISSUES)
    staged.execute(ITEMS)
    return Counts(new, 0, same)


DISPATCHES = ImportSpec(
    key="dispatches",
    title=_("信息报送和简报"),
    description=_("各单位报送的信息，采用与否，刊登在哪一期；期号须与已有的连续"),
    order=215,
    natural_key=("unit_code", "title", "sent_on"),
    area_field="area_code",
    fields=(
        ImportField("area_code", _("编发区划"), required=True, aliases=("区划代码",)),
        ImportField("title", _("标题"), required=True, max_length=120),
        ImportField("text", _("正文"), required=True, max_length=8000),
        ImportField(
            "unit_code", _("报送单位编码"), required=True, references=Reference("people_organisation", "code"),
        ),
        ImportField("sent_on", _("报送日期"), "date", required=True),
        ImportField("state", _("状态"), required=True, choices=tuple(STATES)),
        ImportField("reason", _("未采用原因"), max_length=300),
        ImportField("series", _("刊名"), choices=tuple(SERIES)),
        ImportField("issue", _("期次"), "integer", minimum=1, maximum=9999),
        ImportField("briefing", _("简报标题"), max_length=120),
        ImportField("issued_on", _("印发日期"), "date"),
    ),
    checks=(
        *area_checks("area_code", "s.sent_on"),
        SetCheck("sent_on", "s.sent_on > %(today)s", _("报送日期在今天以后"), _("请核对日期")),
        SetCheck("issued_on", "s.issued_on > %(today)s OR s.issued_on < s.sent_on", _("印发日期早于报送或在今天以后"),
                 _("请核对日期")),
        SetCheck("issue", f"({PRINTED}) AND ({LACKING})", _("刊登的信息须已采用，并写明刊名、期次、简报标题和印发日期"),
                 _("请补齐，或都留空")),
        SetCheck("reason", "s.state = '未采用' AND s.reason IS NULL", _("未采用须说明原因"), _("请填写原因")),
        SetCheck("issue", f"s.issue IS NOT NULL AND NOT {ISSUE_THERE} AND s.issue <> {NEXT}",
                 _("期号不连续"), _("期号按刊名和年度从 1 起连续，请核对缺少的期号")),
    ),
    apply=_apply,
)  # fmt: skip


def register() -> None:
    """Registers the importer of information and briefings."""
    register_importer(DISPATCHES)
