"""Writes the Data Package: CSV resources, optional XLSX, and datapackage.json."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

Row = Sequence[Any]


@dataclass
class Resource:
    """One table of the package; `types` names the headings that are not plain text.

    `files`, by name, lie in the folder `attachments`: what cells of the table name. `importer`: where it is not the
    name, such as for one of several files of a register.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Row]
    expected: Mapping[str, float | int] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    attachments: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    importer: str = ""

    @property
    def path(self) -> str:
        return f"{self.name}.csv"


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(headings)
        out.writerows(rows)


def write_xlsx(path: Path, sheet: str, resource: Resource, created: date) -> None:
    """The same rows as a workbook; text stays text, so long numbers keep their digits."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": datetime.combine(created, time.min)})
    page = book.add_worksheet(sheet)
    numeric = {i for i, heading in enumerate(resource.headings) if resource.types.get(heading) in NUMERIC}
    page.write_row(0, 0, list(resource.headings))
    for number, row in enumerate(resource.rows, start=1):
        for column, value in enumerate(row):
            if value == "" or value is None:
                continue
            if column in numeric:
                page.write_number(number, column, value)
            else:
                page.write_string(number, column, str(value))
    book.close()


NUMERIC = ("integer", "number")


def descriptor(resource: Resource, folder: Path) -> dict[str, Any]:
    content = (folder / resource.path).read_bytes()
    fields = [{"name": heading, "type": resource.types.get(heading, "string")} for heading in resource.headings]
    shian: dict[str, Any] = {"importer": resource.importer or resource.name, "expected_rows": len(resource.rows)}
    if resource.attachments:
        shian["attachments"] = resource.attachments
    if resource.expected:
        shian["expected"] = dict(resource.expected)
    return {
        "name": resource.name,
        "path": resource.path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
        "schema": {"fields": fields},
        "shian": shian,
    }


def write_package(folder: Path, head: Mapping[str, Any], resources: Sequence[Resource]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for resource in resources:
        write_csv(folder / resource.path, resource.headings, resource.rows)
        if resource.attachments:
            (folder / resource.attachments).mkdir(exist_ok=True)
        for name, content in resource.files.items():
            (folder / resource.attachments / name).write_bytes(content)
    document = {
        "profile": "tabular-data-package",
        **head,
        "resources": [descriptor(resource, folder) for resource in resources],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
