"""The assessment sheet: reviewers' verdicts as a file."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.models import VerdictWord
from shian.domains.campaign.queries.standards import standard_in_force
from shian.kernel.accounts.models import Role
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

IN_FORCE = "r.standard_id = (SELECT id FROM campaign_standard WHERE state = 'in_force')"
SAME = (
    "t.standard_id = %(standard)s AND t.superseded_at IS NULL AND t.indicator_code = s.indicator_code "
    "AND t.area_code = s.area_code AND t.reviewed_on = s.reviewed_on"
)
DIFFERS = (
    "(t.verdict, t.ratio, t.reason, t.reviewer) IS DISTINCT FROM "
    f"(s.verdict, round(s.ratio, 4), {text('reason')}, s.reviewer)"
)
COLUMNS = {
    "standard_id": "%(standard)s",
    "indicator_code": "s.indicator_code",
    "area_code": "s.area_code",
    "verdict": "s.verdict",
    "ratio": "round(s.ratio, 4)",
    "reason": text("reason"),
    "reviewer": "s.reviewer",
    "reviewed_on": "s.reviewed_on",
    "entered_at": "%(at)s",
    "entered_by": "%(by)s",
    **area_columns_sql("s.area_code"),
}
_COUNT = (
    f"SELECT count(*) FILTER (WHERE t.id IS NULL), count(*) FILTER (WHERE t.id IS NOT NULL AND {DIFFERS}), "
    f"count(*) FILTER (WHERE t.id IS NOT NULL AND NOT ({DIFFERS})) "
    f"FROM {{staging}} s LEFT JOIN campaign_verdict t ON {SAME} WHERE s.is_good"
)
_SUPERSEDE = (
    f"UPDATE campaign_verdict t SET superseded_at = %(at)s FROM {{staging}} s WHERE s.is_good AND {SAME} AND {DIFFERS}"
)
_INSERT = (
    f"INSERT INTO campaign_verdict ({', '.join(COLUMNS)}) SELECT {', '.join(COLUMNS.values())} FROM {{staging}} s "
    f"WHERE s.is_good AND NOT EXISTS (SELECT 1 FROM campaign_verdict t WHERE {SAME}) ORDER BY s.row_no"
)


_REPLACED = f"SELECT v.id FROM {{staging}} s JOIN campaign_verdict v ON {SAME.replace('t.', 'v.')} WHERE s.is_good"
_REPLACED += f" AND {DIFFERS.replace('t.', 'v.')}"
_ENTERED = (
    f"SELECT t.id FROM {{staging}} s JOIN campaign_verdict t ON {SAME} "
    "WHERE s.is_good AND t.entered_at = %(at)s AND t.entered_by = %(by)s"
)
_ENDED = "SELECT x.row_id FROM imports_replacedrow x WHERE x.batch_id = %(batch)s"


def _parameters() -> Mapping[str, Any]:
    standard = standard_in_force()
    return {"standard": standard.pk if standard else None}


def _apply(staged: Staged) -> Counts:
    """New verdicts are added; a changed one of the same day supersedes the old row, which stays."""
    counts = Counts(*map(int, staged.rows(_COUNT)[0]))
    staged.remember("campaign_verdict", _REPLACED)
    staged.execute(_SUPERSEDE)
    staged.execute(_INSERT)
    staged.note_written("campaign_verdict", _ENTERED, _ENDED)
    return counts


VERDICTS = ImportSpec(
    key="verdicts",
    title=_("评审结论"),
    description=_("评价表：每项评价内容的评审结论，导入后请重新运行评价"),
    order=200,
    natural_key=("indicator_code", "area_code", "reviewed_on"),
    area_field="area_code",
    roles=(Role.OFFICE, Role.REVIEWER),
    parameters=_parameters,
    fields=(
        ImportField(
            "indicator_code",
            _("评价内容编号"),
            required=True,
            max_length=12,
            references=Reference("campaign_indicator", "code", where=IN_FORCE),
        ),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("verdict", _("结论"), required=True, choices=VerdictWord.values),
        ImportField("ratio", _("得分率"), "number", required=True, minimum=0, maximum=1),
        ImportField("reason", _("理由")),
        ImportField("reviewer", _("评审人"), required=True, max_length=60),
        ImportField("reviewed_on", _("评审日期"), "date", required=True),
    ),
    checks=(
        *area_checks("area_code", "s.reviewed_on"),
        SetCheck("ratio", "s.verdict = '达标' AND s.ratio <> 1", _("达标的得分率应为 1"), _("请核对结论和得分率")),
        SetCheck("ratio", "s.verdict = '不达标' AND s.ratio <> 0", _("不达标的得分率应为 0"), _("请核对结论和得分率")),
        SetCheck(
            "ratio",
            "s.verdict = '部分达标' AND (s.ratio <= 0 OR s.ratio >= 1)",
            _("部分达标的得分率应在 0 和 1 之间"),
            _("请核对结论和得分率"),
        ),
        SetCheck(
            "reason",
            "s.verdict <> '达标' AND COALESCE(s.reason, '') = ''",
            _("不是达标的结论没有写理由"),
            _("请补充理由"),
        ),
        SetCheck("reviewed_on", "s.reviewed_on > %(today)s", _("评审日期在今天以后"), _("请核对日期")),
    ),
    apply=_apply,
)


def register() -> None:
    """Registers the importer of assessment sheets."""
    register_importer(VERDICTS)
