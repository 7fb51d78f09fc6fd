"""Spot checks of earlier periods as files (C-09): the checks, and what was found at each drawn visit.

A check comes as sampled; when its items are there it is scored here, by the same rule as one that was made here, and
published on the day that its file tells (flows: actions/spotscores.publish_imported).
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.imports.dated import ROLES
from shian.kernel.imports.specs import (
    ImportField,
    ImportSpec,
    Reference,
    SetCheck,
    Target,
    area_columns_sql,
    register_importer,
    text,
)
from shian.registers.areas.imports import area_checks

RESULTS = {"属实": "true", "不属实": "untrue"}
_CHECK = "JOIN duties_spotcheck c ON c.number = s.number"
_VISIT = "JOIN duties_dutyvisit v ON v.number = s.visit_number"


def import_parameters() -> Mapping[str, Any]:
    return {"now": timezone.now(), "zone": settings.TIME_ZONE}


CHECKS = ImportSpec(
    key="duty_spotchecks",
    title=_("督查抽查"),
    description=_("以前已经公布的督查，一次一行；抽中的督导另有一份文件"),
    order=239,
    natural_key=("number",),
    area_field="area_code",
    roles=ROLES,
    parameters=import_parameters,
    fields=(
        ImportField("number", _("督查编号"), required=True, max_length=40),
        ImportField("title", _("名称"), required=True, max_length=80),
        ImportField("area_code", _("区划代码"), required=True),
        ImportField("since", _("督导自"), "date", required=True),
        ImportField("until", _("督导至"), "date", required=True),
        ImportField("team", _("督查组"), required=True, max_length=80),
        ImportField("published_on", _("公布日期"), "date", required=True),
    ),
    checks=(
        *area_checks("area_code", "s.until", "%(today)s::date"),
        SetCheck("since", "s.since <> date_trunc('quarter', s.since)::date", _("不是季度的第一天"), _("按整季度填写")),
        SetCheck("until", "s.until <> (date_trunc('quarter', s.until) + interval '3 months - 1 day')::date",
                 _("不是季度的最后一天"), _("按整季度填写")),
        SetCheck("until", "s.until < s.since", _("早于开始日期"), _("请核对日期")),
        SetCheck("published_on", "s.published_on <= s.until OR s.published_on > %(today)s::date",
                 _("公布日期不在期末以后、今天以前"), _("只补录已经公布的督查")),
        SetCheck("number", "c.published_on IS NULL", _("系统中已有这次督查，不是文件补录的"), _("请改用别的编号"),
                 joins=_CHECK),
    ),
    target=Target(
        table="duties_spotcheck",
        key=("number",),
        joins=f"LEFT {_CHECK}",
        columns={
            "number": "s.number", "title": "s.title", "area_code": "s.area_code", "since": "s.since",
            "until": "s.until", "team": "s.team", "published_on": "s.published_on", "share": "0", "least": "0",
            "state": "COALESCE(c.state, 'sampled')",
            **area_columns_sql("s.area_code"),
        },
        stamps={"planned_at": "%(now)s", "planned_by": "%(by)s"},
    ),
)  # fmt: skip
ITEMS = ImportSpec(
    key="duty_spotitems",
    title=_("督查核查结果"),
    description=_("抽中的每次督导核查的结果；不属实的不再计入完成率"),
    order=240,
    natural_key=("number", "visit_number"),
    roles=ROLES,
    parameters=import_parameters,
    fields=(
        ImportField("number", _("督查编号"), required=True, max_length=40,
                    references=Reference("duties_spotcheck", "number")),
        ImportField("visit_number", _("督导编号"), required=True, max_length=40,
                    references=Reference("duties_dutyvisit", "number")),
        ImportField("truth", _("核查结果"), choices=RESULTS, required=True),
        ImportField("score", _("核查得分"), "number", minimum=0, maximum=100, hint=_("不属实的不打分")),
        ImportField("note", _("核查情况"), max_length=300, hint=_("不属实的必须写明理由")),
        ImportField("checked_on", _("核查日期"), "date", required=True),
        ImportField("checked_by", _("核查人"), required=True, max_length=80),
    ),
    checks=(
        SetCheck("note", "s.truth = 'untrue' AND COALESCE(s.note, '') = ''", _("不属实没有写理由"), _("请写明理由")),
        SetCheck("score", "s.truth = 'untrue' AND s.score IS NOT NULL", _("不属实的不打分"), _("请留空")),
        SetCheck("score", "s.truth = 'true' AND s.score IS NULL", _("属实的没有打分"), _("请填核查得分")),
        SetCheck("visit_number", "v.visited_on NOT BETWEEN c.since AND c.until", _("督导日期不在督查期间：{detail}"),
                 _("请核对督导编号"), detail="v.visited_on", joins=f"{_CHECK} {_VISIT}"),
        SetCheck("visit_number", "v.city <> c.city OR (c.county <> '' AND v.county <> c.county)",
                 _("督导不在督查的区划里"), _("请核对督导编号"), joins=f"{_CHECK} {_VISIT}"),
        SetCheck("number", "c.published_on IS NULL", _("不是文件补录的督查"), _("请在督查页面登记"), joins=_CHECK),
    ),
    target=Target(
        table="duties_spotitem",
        key=("check_of_id", "visit_id"),
        joins=f"{_CHECK} {_VISIT}",
        columns={
            "check_of_id": "c.id", "visit_id": "v.id", "truth": "s.truth", "score": "s.score", "note": text("note"),
            "checked_at": "(s.checked_on + time '10:00') AT TIME ZONE %(zone)s",
            "checked_by": "s.checked_by", "answers": "'{}'::jsonb",
            **{level: f"v.{level}" for level in ("province", "city", "county", "township", "village")},
        },
    ),
)  # fmt: skip


def register() -> None:
    """Registers both."""
    register_importer(CHECKS)
    register_importer(ITEMS)
