"""Forms that a pack brings: packs/forms/*.yaml, compact tables of items that become the rows of a workbook.

    series: 明查打分表          # what they belong to
    settings: {pass_mark: 80, excellent_mark: 90, legal_basis: …, confidence: L, valid_from: 2021-01-01}
    choices:                   # rows of the choices sheet, by list
      verdict: [{name: pass, label: 合格, score: 1}, {name: na, label: 不适用, score: na}]
    before: [{type: geopoint, name: place, label: 位置}]     # rows of the survey sheet, the same in every form
    items_type: select_one verdict
    after: […]
    forms:
      - {form_id: open_M01, form_title: …, items: [{label: …, points: 12, key: true, basis: …, photo: fail}]}

A city replaces a form by uploading a workbook with the same form_id.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from shian.engine.forms.checking import check_sheets
from shian.engine.forms.definition import Definition
from shian.engine.forms.faults import FormRefused
from shian.engine.forms.sheets import Sheets, sheets_of_rows

FOLDER = "forms"


def packed_forms(folder: Path | None = None) -> Iterator[Definition]:
    """Every form of the packs, in order of file and place. Raises ImproperlyConfigured with the faults of the first
    file that is wrong."""
    for path in sorted((folder or Path(settings.SHIAN_PACKS) / FOLDER).glob("*.yaml")):
        try:
            told = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            for each in told["forms"]:
                yield check_sheets(_sheets(told, each))
        except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, FormRefused) as error:
            raise ImproperlyConfigured(f"packs/{FOLDER}/{path.name}: {error}") from error


def _sheets(told: Mapping[str, Any], form: Mapping[str, Any]) -> Sheets:
    items = [_item(told["items_type"], number, each) for number, each in enumerate(form["items"], start=1)]
    survey = [*told.get("before", ()), *items, *told.get("after", ())]
    choices = [{"list_name": name, **each} for name, listed in told["choices"].items() for each in listed]
    own = {key: value for key, value in form.items() if key != "items"}
    return sheets_of_rows(survey, choices, {"series": told["series"], **told.get("settings", {}), **own})


def _item(type: str, number: int, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": told.get("type", type),
        "name": told.get("name", f"item_{number}"),
        "label": f"{number}. {told['label']}",
        "points": told["points"],
        "key_item": bool(told.get("key")),
        "legal_basis": told.get("basis", ""),
        "photo_required": told.get("photo", ""),
        "deduction": told.get("deduction", ""),
    }
