"""The measures over the registers of areas, operators and organisations: data, not code.

Figures over registers are declared by the domain that owns their process; the registers themselves count nothing.
"""

from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shian.domains.census.definitions.rows import AREA_ROWS, OPERATOR_ROWS, ORGANISATION_ROWS, POPULATION_ROWS
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import (
    Measure,
    Part,
    Source,
    SourceField,
)
from shian.kernel.scope.rules import LEVELS, Level
from shian.kernel.ui.states import Text
from shian.registers.areas.models import Area, AreaLevel, AreaPopulation
from shian.registers.operators.models import SMALL_KINDS, STAGES, OperatorVersion
from shian.registers.people.models import Organisation

LAW = "《食品安全法》"
DOWN_TO_TOWNSHIP = LEVELS[:4]
DOWN_TO_COUNTY = LEVELS[:3]

SOURCES = (
    Source(
        key="operators",
        title=_("主体台账"),
        register="R03",
        model=OperatorVersion,
        fields={
            "kind": SourceField(_("主体类别"), "t.kind"),
            "small_kind": SourceField(_("三小类别"), "t.small_kind"),
            "format": SourceField(_("业态"), "t.format"),
            "stage": SourceField(_("环节"), "t.stage"),
            "size": SourceField(_("规模"), "t.size"),
        },
        columns=OPERATOR_ROWS.columns,
        row_of=OPERATOR_ROWS.row_of,
        valid_from="valid_from",
        valid_to="valid_to",
        related=("operator",),
    ),
    Source(
        key="areas",
        title=_("区划台账"),
        register="R01",
        model=Area,
        fields={
            "level": SourceField(_("级别"), "t.level"),
            "kind": SourceField(_("类型"), "t.kind"),
            "is_pseudo": SourceField(_("虚拟区划"), "t.is_pseudo"),
            "area_km2": SourceField(_("面积（平方公里）"), "t.area_km2"),
            "campaign_batch": SourceField(_("创建批次"), "t.campaign_batch"),
        },
        columns=AREA_ROWS.columns,
        row_of=AREA_ROWS.row_of,
        words=dict(AreaLevel.choices),
        valid_from="valid_from",
        valid_to="valid_to",
    ),
    Source(
        key="area_populations",
        title=_("常住人口"),
        register="R01",
        model=AreaPopulation,
        fields={"residents": SourceField(_("常住人口"), "t.residents")},
        columns=POPULATION_ROWS.columns,
        row_of=POPULATION_ROWS.row_of,
        occurs_on="counted_on",
        latest_per="area_code",
        condition=(
            "EXISTS (SELECT 1 FROM areas_area a WHERE a.code = t.area_code AND a.valid_from <= {as_of} "
            "AND (a.valid_to IS NULL OR a.valid_to > {as_of}))"
        ),
    ),
    Source(
        key="organisations",
        title=_("机构台账"),
        register="R01",
        model=Organisation,
        fields={
            "kind": SourceField(_("单位类别"), "t.kind"),
            "department_code": SourceField(_("部门代码"), "NULLIF(t.department_code, '')"),
            "is_campaign_department": SourceField(_("创建部门"), "t.is_campaign_department"),
            "township": SourceField(_("所在乡镇"), "NULLIF(t.township, '')"),
        },
        columns=ORGANISATION_ROWS.columns,
        row_of=ORGANISATION_ROWS.row_of,
        valid_from="valid_from",
        valid_to="valid_to",
    ),
)

OPERATORS: tuple[tuple[str, Text, str, dict[str, Any]], ...] = (
    ("total", _("在册食品生产经营单位"), "Operators registered", {}),
    ("producers", _("食品生产企业"), "Food producers", {"kind": "食品生产"}),
    ("fcm", _("食品相关产品生产企业"), "Producers of food-contact products", {"kind": "食品相关产品生产"}),
    ("sellers", _("食品销售单位"), "Food sellers", {"kind": "食品销售"}),
    ("markets", _("农贸市场"), "Markets", {"kind": "农贸市场"}),
    ("caterers", _("餐饮服务单位"), "Caterers", {"kind": "餐饮服务"}),
    ("school_canteens", _("学校食堂"), "School canteens", {"format": "学校食堂"}),
    ("group_meals", _("集体用餐配送单位"), "Collective meal suppliers", {"format": "集体用餐配送单位"}),
    ("central_kitchens", _("中央厨房"), "Central kitchens", {"format": "中央厨房"}),
    ("small", _("食品小作坊、小餐饮、小摊点"), "Small operators", {"kind": "三小"}),
    ("workshops", _("食品小作坊"), "Small workshops", {"small_kind": SMALL_KINDS[0]}),
    ("small_restaurants", _("小餐饮"), "Small restaurants", {"small_kind": SMALL_KINDS[1]}),
    ("stalls", _("食品小摊点"), "Stalls", {"small_kind": SMALL_KINDS[2]}),
)
PARTS = {
    "total": ("producers", "fcm", "sellers", "markets", "caterers", "small"),
    "small": ("workshops", "small_restaurants", "stalls"),
}
STAGE_KEYS = dict(
    zip(
        STAGES,
        ("growing", "breeding", "slaughter", "storage_transport", "production", "circulation", "catering"),
        strict=True,
    )
)
STAGE_WORDS: dict[str, Text] = dict(
    zip(
        STAGES,
        (_("种植"), _("养殖"), _("屠宰"), _("贮存运输"), _("生产"), _("流通"), _("餐饮")),
        strict=True,
    )
)
COUNTY, TOWNSHIP, VILLAGE = {"level": "county"}, {"level": "township"}, {"level": "village"}
AREAS: tuple[tuple[str, Text, str, dict[str, Any], tuple[Level, ...]], ...] = (
    ("counties", _("县（含自治县）"), "Counties", {**COUNTY, "kind": ["县", "自治县"]}, DOWN_TO_COUNTY),
    ("county_cities", _("县级市"), "County-level cities", {**COUNTY, "kind": "县级市"}, DOWN_TO_COUNTY),
    ("districts", _("市辖区"), "Districts", {**COUNTY, "kind": "市辖区"}, DOWN_TO_COUNTY),
    ("development_zones", _("国家级开发区"), "National zones", {**COUNTY, "kind": "国家级开发区"}, DOWN_TO_COUNTY),
    ("airport_zones", _("临空经济区"), "Airport economic zones", {**COUNTY, "kind": "临空经济区"}, DOWN_TO_COUNTY),
    ("units12", _("县（市、区）和功能区"), "County-level units", COUNTY, DOWN_TO_COUNTY),
    ("townships", pgettext_lazy("list", "乡镇（街道）"), "Townships", TOWNSHIP, DOWN_TO_TOWNSHIP),
    ("villages", _("村（社区）"), "Villages", VILLAGE, DOWN_TO_TOWNSHIP),
)
ORGANISATIONS: tuple[tuple[str, Text, str, dict[str, Any]], ...] = (
    ("campaign_departments", _("参评创建部门"), "Campaign departments", {"is_campaign_department": True}),
    ("command_offices", _("创建指挥部办公室"), "Command offices", {"kind": "指挥部办公室"}),
    ("work_groups", _("创建指挥部工作组"), "Work groups", {"kind": "工作组"}),
    ("supervision_areas", _("督查片区"), "Supervision areas", {"kind": "督查片区"}),
)


def all_declared() -> list[Measure]:
    """Every measure of this domain."""
    return [*_operator_measures(), *_area_measures(), *_organisation_measures()]


def _operator_measures() -> list[Measure]:
    def made(name: str, title: Text, title_en: str, where: dict[str, Any]) -> Measure:
        part = Part("operators", where=parse_conditions(where))
        key = f"operators.{name}"
        parts = tuple(f"operators.{part}" for part in PARTS.get(name, ()))
        return Measure(
            key, title, _("家"), LEVELS, part,
            title_en=title_en, register="R03", legal_basis=LAW, opens_into=parts,
        )  # fmt: skip

    stages = [
        made(
            f"by_stage.{key}",
            format_lazy(_("{stage}环节主体"), stage=STAGE_WORDS[stage]),
            f"Operators in {key.replace('_', ' and ')}",
            {"stage": stage},
        )
        for stage, key in STAGE_KEYS.items()
    ]
    return [made(*each) for each in OPERATORS] + stages


def _area_measures() -> list[Measure]:
    def made(name: str, title: Text, title_en: str, unit: Text, part: Part, **more: Any) -> Measure:
        levels = more.pop("levels", DOWN_TO_COUNTY)
        return Measure(f"areas.{name}", title, unit, levels, part, title_en=title_en, register="R01", **more)

    counts = [
        made(name, title, title_en, _("个"), Part("areas", where=parse_conditions(where)), levels=levels)
        for name, title, title_en, where, levels in AREAS
    ]
    people = Part("area_populations", "sum", "residents")
    ground = Part("areas", "sum", "area_km2", parse_conditions(COUNTY))
    batch = Part("areas", "latest", "campaign_batch")
    return [
        *counts,
        made("km2", _("行政区域面积"), "Area", _("平方公里"), ground, decimals=2),
        made("population", _("常住人口"), "Residents", _("人"), people, levels=DOWN_TO_TOWNSHIP),
        made(
            "population_10k", _("常住人口（万人）"), "Residents in ten thousands", _("万人"), people,
            levels=DOWN_TO_TOWNSHIP, scale=Decimal("0.0001"), decimals=2,
        ),
        made("campaign_batch", _("示范城市创建批次"), "Campaign batch", pgettext_lazy("ordinal", "批"), batch),
    ]  # fmt: skip


def _organisation_measures() -> list[Measure]:
    def made(name: str, title: Text, title_en: str, unit: Text, part: Part, **more: Any) -> Measure:
        levels = more.pop("levels", DOWN_TO_COUNTY)
        return Measure(f"organisations.{name}", title, unit, levels, part, title_en=title_en, register="R01", **more)

    counts = [
        made(name, title, title_en, _("个"), Part("organisations", where=parse_conditions(where)))
        for name, title, title_en, where in ORGANISATIONS
    ]
    bodies = Part(
        "organisations", "distinct", "township", parse_conditions({"kind": "议事机构", "township": {"ne": ""}})
    )
    coverage = made(
        "town_body_coverage", _("乡镇食药议事机构覆盖率"), "Townships with a body", "%", bodies,
        whole="areas.townships", scale=Decimal(100), decimals=1, levels=DOWN_TO_TOWNSHIP,
    )  # fmt: skip
    return [*counts, coverage]
