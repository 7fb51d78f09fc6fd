"""Loading an edition of the standard and putting it in force."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from shian.domains.campaign.actions.departments import load_bureau_sections, load_departments
from shian.domains.campaign.actions.scoring import load_scoring
from shian.domains.campaign.models import (
    Department,
    Indicator,
    IndicatorMeasure,
    Point,
    Section,
    Standard,
    StandardState,
)
from shian.domains.campaign.permissions import STANDARD_MANAGE
from shian.domains.campaign.rules.bindings import Binding, bindings_of, supporting_of
from shian.domains.campaign.rules.packs import StandardInvalid, indicators_in, problems_of
from shian.domains.campaign.rules.problems import Problem
from shian.domains.campaign.rules.sheets import pack_from_sheets
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.ui.languages import language_of_record

Node = Mapping[str, Any]
Loader = Callable[..., object]


@transaction.atomic
def load_standard(*, path: Path, by: Any, at: datetime) -> Standard:
    """Load a draft from a YAML or XLSX file, with the bindings that lie beside it as `<key>-bindings.yaml`.

    The same content again returns the standard that exists. Raises StandardInvalid, PermissionDenied.
    """
    return import_standard(content=path.read_bytes(), name=path.name, by=by, at=at)


@transaction.atomic
def import_standard(*, content: bytes, name: str, by: Any, at: datetime) -> Standard:
    """Load a draft from an uploaded file; `name` tells its form. Raises StandardInvalid, PermissionDenied."""
    actor = acting(STANDARD_MANAGE, by)
    pack = _pack_of(content, name)
    if problems := problems_of(pack):
        raise StandardInvalid(problems)
    key = str(pack["meta"]["key"])
    bindings = _bindings(key)
    digest = hashlib.sha256(content + json.dumps(bindings, sort_keys=True, default=str).encode()).hexdigest()
    same = Standard.objects.filter(key=key, source_digest=digest).first()
    if same is not None:
        return same
    standard = _save(pack, bindings, name=name, digest=digest, by=actor, at=at)
    _load_beside(standard, by=actor, at=at)
    seal(
        action="campaign.standard_loaded",
        by=actor,
        subject=f"campaign.standard:{standard.pk}",
        data={"key": key, "revision": standard.revision, "source": name, "digest": digest},
        at=at,
    )
    return standard


@transaction.atomic
def put_in_force(*, standard: Standard, by: Any, at: datetime, from_on: date | None = None) -> Standard:
    """Make this edition the one that evaluations use, from a day (left out: its own date); the old one ends there.

    Raises StandardInvalid for a superseded edition, PermissionDenied.
    """
    name = acting(STANDARD_MANAGE, by)
    locked = Standard.objects.select_for_update().get(pk=standard.pk)
    if locked.state == StandardState.IN_FORCE:
        return locked
    if locked.state == StandardState.SUPERSEDED:
        told = {"title": locked.title, "revision": locked.revision}
        raise StandardInvalid([Problem("standard.superseded", told)])
    day = from_on or locked.effective_from
    Standard.objects.filter(state=StandardState.IN_FORCE).update(state=StandardState.SUPERSEDED, superseded_on=day)
    locked.state, locked.in_force_from = StandardState.IN_FORCE, day
    locked.save(update_fields=["state", "in_force_from"])
    seal(
        action="campaign.standard_put_in_force",
        by=name,
        subject=f"campaign.standard:{locked.pk}",
        data={"key": locked.key, "revision": locked.revision, "from": day},
        at=at,
    )
    return locked


def _pack_of(content: bytes, name: str) -> Node:
    suffix, stem = Path(name).suffix.lower(), Path(name).stem
    if suffix in {".yaml", ".yml"}:
        loaded = _read(content)
        if not isinstance(loaded, dict) or "meta" not in loaded:
            raise StandardInvalid([Problem("file.no_standard")])
        return loaded
    if suffix != ".xlsx":
        raise StandardInvalid([Problem("file.kind", {"name": name})])
    return _workbook_pack(content, stem)


@lru_cache(maxsize=4)
def _read(content: bytes) -> Any:
    """What a YAML text says; of the last few texts, which are read again and again, the same objects."""
    return yaml.load(content, Loader=yaml.CSafeLoader)


def _workbook_pack(content: bytes, stem: str) -> Node:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}
    except Exception as error:  # the reader raises its own kinds
        raise StandardInvalid([Problem("file.workbook", {"error": error})]) from error
    year = stem[:4] if stem[:4].isdecimal() else str(date.today().year)  # noqa: DTZ011 - only a default edition name
    return pack_from_sheets(sheets, key=stem[:20], effective_from=f"{year}-01-01")


def _bindings(key: str) -> Node:
    """The file of bindings that the pack folder holds for this edition; empty when there is none."""
    path = settings.SHIAN_PACKS / "criteria" / f"{key}-bindings.yaml"
    return _read(path.read_bytes()) if path.exists() else {}


def _load_beside(standard: Standard, *, by: str, at: datetime) -> None:
    """What the packs hold for this edition comes with it: illustrative weights, and what the installation's own city
    has of departments, bureau sections and weights."""
    city = settings.SHIAN_PACKS / "cities" / settings.SHIAN_CITY
    beside: tuple[tuple[Path, Loader], ...] = (
        (settings.SHIAN_PACKS / "parameters" / f"scoring-{standard.key}.yaml", load_scoring),
        (city / f"scoring-{standard.key}.yaml", load_scoring),
        (city / "departments.yaml", load_departments),
        (city / "bureau_sections.yaml", load_bureau_sections),
    )
    for path, load in beside:
        if path.exists():
            load(path=path, standard=standard, by=by, at=at)


def _save(pack: Node, bindings: Node, *, name: str, digest: str, by: str, at: datetime) -> Standard:
    meta = pack["meta"]
    key = str(meta["key"])
    standard = Standard.objects.create(
        key=key,
        revision=Standard.objects.filter(key=key).count() + 1,
        title=meta["title"],
        title_en=meta.get("title_en", ""),
        effective_from=date.fromisoformat(str(meta["effective_from"])),
        source_name=name,
        source_digest=digest,
        status_note=meta.get("status_note", ""),
        channel_note=meta.get("channel_note", ""),
        declared=meta.get("declared", {}),
        registers=meta.get("registers", {}),
        loaded_at=at,
        loaded_by=by,
    )
    Department.objects.bulk_create(
        Department(
            standard=standard,
            code=row["code"],
            name=row["name"],
            name_en=row.get("name_en", ""),
            aliases=row.get("aliases", []),
            is_group=bool(row.get("group")),
        )
        for row in pack["departments"]
    )
    _save_tree(standard, pack, bindings)
    return standard


def _save_tree(standard: Standard, pack: Node, bindings: Node) -> None:
    sections = Section.objects.bulk_create(
        Section(standard=standard, number=row["no"], title=row["title"], title_en=row.get("title_en", ""))
        for row in pack["sections"]
    )
    points = Point.objects.bulk_create(
        Point(
            section=section, number=row["no"], title=row["title"], title_en=row.get("title_en", ""),
            note=row.get("note", ""),
        )
        for section, node in zip(sections, pack["sections"], strict=True)
        for row in node["points"]
    )  # fmt: skip
    by_place = {(point.section.number, point.number): point for point in points}
    nodes = list(indicators_in(pack))
    bound, supporting = bindings_of(bindings), supporting_of(bindings)
    indicators = Indicator.objects.bulk_create(
        _indicator(
            by_place[section["no"], point["no"]], node, order=order, standard=standard,
            section_number=section["no"], supporting=supporting.get(node["code"], []),
        )
        for order, (section, point, node) in enumerate(nodes, 1)
    )  # fmt: skip
    IndicatorMeasure.objects.bulk_create(
        _measure(indicator, order, row, bound.get(row["key"], Binding()))
        for indicator, (_, _, node) in zip(indicators, nodes, strict=True)
        for order, row in enumerate(node.get("measures", []), 1)
    )


def _indicator(point: Point, node: Node, **given: Any) -> Indicator:
    return Indicator(
        point=point,
        code=node["code"],
        title=node["title"],
        title_en=node.get("title_en", ""),
        gist=node["gist"],
        gist_en=node.get("gist_en", ""),
        methods=node.get("method", []),
        primary_channel=node["primary_channel"],
        computability=node["computability"],
        levels=node.get("applicable_levels", []),
        lead_codes=node.get("lead", []),
        is_lead_inferred=bool(node.get("lead_inferred")),
        responsible_codes=node.get("responsible", []),
        registers=node.get("registers", []),
        evidence=node.get("evidence", []),
        field_sites=node.get("field_sites", []),
        tracks=node.get("tracks", []),
        is_veto=node["primary_channel"] == "veto",
        veto=node.get("veto", {}),
        note=node.get("note", "") or "",
        **given,
    )


def _measure(indicator: Indicator, order: int, row: Node, binding: Binding) -> IndicatorMeasure:
    return IndicatorMeasure(
        indicator=indicator,
        order=order,
        key=row["key"],
        title=row["title"],
        kind=row.get("kind", ""),
        numerator=row.get("numerator") or "",
        denominator=row.get("denominator") or "",
        unit=row.get("unit", ""),
        operator=row["operator"],
        threshold=str(row["threshold"]),
        threshold_source=row.get("threshold_source", ""),
        threshold_source_label=row.get("threshold_source_label", ""),
        levels=row.get("levels", []),
        period=row.get("period") or "none",
        period_label=row.get("period_label") or "",
        measure=binding.measure,
        bound_period=binding.period,
        unknown_reason="" if binding.measure else binding.reason or _not_bound(),
        note=row.get("note") or "",
    )


def _not_bound() -> str:
    """Stored with the edition, so in the language of record."""
    with language_of_record():
        return _("本口径尚未绑定数据来源")
