"""Figures over the census, tiers, officials and matches (B-21, C-01 to C-06)."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.domains.duties.models import CensusEntry, Exclusion, Match, Official, OfficialLevel, Tier, TierLetter
from shian.engine.ledgers.conditions import parse_conditions
from shian.engine.measures.declarations import Measure, Part, Source, SourceField
from shian.kernel.scope.rules import LEVELS
from shian.kernel.ui.tables import Column, Row

TIER_REGISTER, ROSTER_REGISTER, MATCH_REGISTER = "R14", "R15", "R16"
BASIS = "食安委发〔2022〕7号"
SHOWN = LEVELS[:4]
_NAME = Column("operator", _("主体"), is_fixed=True, is_wide=True)
_CODE = Column("code", _("主体编号"), kind="code")
_TIER = Column("tier", _("包保层级"))
CENSUS = (
    _NAME, _CODE, Column("state", _("摸底状态")), Column("exclusion", _("不纳入原因"), is_wide=True),
    Column("since", _("起始日期"), kind="date"),
)  # fmt: skip
TIERS = (
    _NAME,
    _CODE,
    _TIER,
    Column("reason", _("分级依据"), is_wide=True),
    Column("since", _("起始日期"), kind="date"),
)
OFFICIALS = (
    Column("name", _("姓名"), is_fixed=True), Column("level", _("层级")), Column("post", _("职务"), is_wide=True),
    Column("unit", _("单位"), is_wide=True), Column("since", _("任职日期"), kind="date"),
)  # fmt: skip
MATCHES = (_NAME, _CODE, _TIER, Column("official", _("包保干部")), Column("since", _("起始日期"), kind="date"))
# The official's letter was in force at the end of the day.
SIGNED = (
    "EXISTS (SELECT 1 FROM duties_letter l WHERE l.official_id = t.official_id AND l.countersigned_at::date <= {as_of} "
    "AND (l.ended_at IS NULL OR l.ended_at::date > {as_of}))"
)


def _of_operator(row: Any, **cells: Any) -> Row:
    told = {"operator": row.operator.name, "code": row.operator.code, "since": row.valid_from, **cells}
    return Row(told, url=reverse("census:operator_detail", args=[row.operator.code]), key=str(row.pk))


def _census_row(row: Any) -> Row:
    return _of_operator(row, state=row.get_state_display(), exclusion=row.get_exclusion_display())


def _tier_row(row: Any) -> Row:
    return _of_operator(row, tier=row.get_tier_display(), reason=row.reason)


def _match_row(row: Any) -> Row:
    return _of_operator(row, tier=row.get_tier_display(), official=row.official.name)


def _official_row(row: Any) -> Row:
    cells = {
        "name": row.name, "level": row.get_level_display(), "post": row.post, "unit": row.unit, "since": row.valid_from,
    }  # fmt: skip
    return Row(cells, url=reverse("duties:official_detail", args=[row.pk]), key=row.code)


_DATED: dict[str, Any] = {"valid_from": "valid_from", "valid_to": "valid_to"}
SOURCES = (
    Source(
        key="duty_census", title=_("包保摸底排查"), register=TIER_REGISTER, model=CensusEntry,
        fields={
            "state": SourceField(_("摸底状态"), "t.state"), "exclusion": SourceField(_("不纳入原因"), "t.exclusion"),
        },
        columns=CENSUS, row_of=_census_row, related=("operator",), words=dict(Exclusion.choices), **_DATED,
    ),
    Source(
        key="duty_tiers", title=_("包保层级"), register=TIER_REGISTER, model=Tier, condition="t.state = 'confirmed'",
        fields={"tier": SourceField(_("包保层级"), "t.tier")},
        columns=TIERS, row_of=_tier_row, related=("operator",), words=dict(TierLetter.choices), **_DATED,
    ),
    Source(
        key="duty_officials", title=_("包保干部"), register=ROSTER_REGISTER, model=Official,
        fields={"level": SourceField(_("层级"), "t.level")},
        columns=OFFICIALS, row_of=_official_row, words=dict(OfficialLevel.choices), **_DATED,
    ),
    Source(
        key="duty_matches", title=_("包保对接"), register=MATCH_REGISTER, model=Match,
        fields={"tier": SourceField(_("包保层级"), "t.tier"), "signed": SourceField(_("承诺书已生效"), SIGNED)},
        columns=MATCHES, row_of=_match_row, related=("operator", "official"), words=dict(TierLetter.choices), **_DATED,
    ),
)  # fmt: skip


def _measure(source: str, key: str, title: Any, title_en: str, where: dict[str, Any], **more: Any) -> Measure:
    register = next(each.register for each in SOURCES if each.key == source)
    part = Part(source, where=parse_conditions(where))
    unit = more.pop("unit", _("户"))
    return Measure(
        f"{source}.{key}", title, unit, SHOWN, part, title_en=title_en, register=register, legal_basis=BASIS, **more
    )


def _share(whole: str) -> dict[str, Any]:
    return {"unit": "%", "whole": whole, "scale": Decimal(100), "decimals": 1}


_LEVEL_NAMES = {"city": "City", "county": "County", "township": "Township", "village": "Village"}
MEASURES = (
    _measure("duty_census", "verified", _("已核实主体"), "Operators that were verified", {"state": "verified"}),
    _measure(
        "duty_census", "excluded", _("不纳入包保的主体"), "Operators left out with a reason", {"state": "excluded"},
        opens_into=tuple(f"duty_census.{each.value}" for each in Exclusion),
    ),
    *(
        _measure("duty_census", each.value, each.label, f"Left out: {each.value.replace('_', ' ')}",
                 {"state": "excluded", "exclusion": each.value})
        for each in Exclusion
    ),
    _measure(
        "duty_tiers", "total", _("已分级包保主体"), "Operators with a tier", {},
        opens_into=tuple(f"duty_tiers.{each.lower()}" for each in "ABCD"),
    ),
    *(
        _measure("duty_tiers", each.value.lower(), each.label, f"Operators of tier {each.value}", {"tier": each.value})
        for each in TierLetter
    ),
    _measure(
        "duty_officials", "total", _("包保干部"), "Officials", {}, unit=_("人"),
        opens_into=tuple(f"duty_officials.{each.value}" for each in OfficialLevel),
    ),
    *(
        _measure("duty_officials", each.value, each.label, f"{_LEVEL_NAMES[each.value]} officials",
                 {"level": each.value}, unit=_("人"))
        for each in OfficialLevel
    ),
    _measure("duty_matches", "total", _("已对接包保主体"), "Operators with an official", {}),
    _measure(
        "duty_matches", "coverage", _("包保覆盖率"), "Operators with an official among those with a tier", {},
        **_share("duty_tiers.total"),
    ),
    _measure(
        "duty_matches", "signed", _("包保签约率"), "Operators whose official's letter is in force", {"signed": True},
        **_share("duty_tiers.total"),
    ),
)  # fmt: skip
