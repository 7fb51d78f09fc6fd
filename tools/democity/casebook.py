"""Cases as rows: makers open threads and take steps in them; the book becomes `cases.<type>` and `case_steps`.

    book = CaseBook(place)
    thread = book.open("task", "创建任〔2026〕1号", "…", on=day, area="131022", issuer="1310-CAMPO", unit="131022-SAMR")
    thread.step("签收", day, "某某")

Every maker writes into the same book, because a data package has one file of steps.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from tools.democity.package import Resource
from tools.democity.place import Place

BASE = {
    "number": "编号", "title": "事项", "body": "内容", "source": "来源", "item": "评价内容编号", "operator": "主体编号",
    "area": "区划代码", "issuer": "交办单位编码", "unit": "承办单位编码", "verifier": "核实单位编码",
    "owner": "责任人编号", "on": "提出日期", "by": "提出人", "due": "期限", "urgent": "加急",
    "parent_type": "上级事项类别", "parent": "上级事项编号",
}  # fmt: skip
STEPS = {
    "type": "事项类别", "number": "事项编号", "order": "步序", "step": "环节", "at": "办理时间", "by": "办理人",
    "unit": "办理单位编码", "note": "办理情况", "evidence": "佐证材料", "kind": "材料种类", "to": "改由单位编码",
    "owner": "责任人编号", "due": "期限", "data": "其他内容",
}  # fmt: skip
TYPES_IN_ORDER = (
    "inspection",
    "reception",
    "interview",
    "visit",
    "keeping",
    "card",
    "task",
    "problem",
    "field_problem",
    "field_filing",
    "duty_problem",
    "duty_untrue",
    "self_check",
    "proposal",
)
FOLDER = "evidence"
TILE, JOINT, SHADES = 40, 2, 12  # of a picture: pixels, pixels, grades of light
MORNING, EVENING = time(10, 0), time(19, 0)


@dataclass
class Thread:
    """One case on its way; `at` is the moment of its last step."""

    book: CaseBook
    kind: str
    number: str
    at: datetime
    order: int = 0

    def step(self, step: str, on: date, by: str, *, data: dict[str, Any] | None = None, **told: Any) -> Thread:
        """Taken on that day, later than the step before; one that lies after the present is not taken, nor what
        would follow it."""
        self.at = at = max(datetime.combine(on, MORNING), self.at + timedelta(minutes=25))
        if at.date() >= self.book.place.today:
            return self
        self.order += 1
        row = {"type": self.kind, "number": self.number, "order": self.order, "step": step, "by": by,
               "at": at.strftime("%Y-%m-%d %H:%M"), "data": json.dumps(data, ensure_ascii=False) if data else "",
               **told}  # fmt: skip
        self.book.steps.append([row.get(name, "") for name in STEPS])
        return self


@dataclass
class CaseBook:
    """The cases of a city by type, with what happened to them."""

    place: Place
    cases: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    steps: list[list[Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def open(self, kind: str, number: str, title: str, *, on: date, **told: Any) -> Thread:
        """A case; `told` by the keys of BASE and, for the type's own fields, by their headings."""
        self.cases[kind].append({"number": number, "title": title, "on": on, **told})
        return Thread(self, kind, number, datetime.combine(on, time(9, 0)))

    def resources(self) -> list[Resource]:
        """One for each type, parents before children, and the steps last."""
        kinds = sorted(self.cases, key=lambda kind: TYPES_IN_ORDER.index(kind) if kind in TYPES_IN_ORDER else 99)
        made = [self._resource(kind) for kind in kinds]
        if self.steps:
            made.append(Resource("case_steps", list(STEPS.values()), self.steps, attachments=FOLDER, files=self.files))
        return made

    def _resource(self, kind: str) -> Resource:
        rows = self.cases[kind]
        own = list(dict.fromkeys(name for row in rows for name in row if name not in BASE))
        cells = [[row.get(name, "") for name in (*BASE, *own)] for row in rows]
        return Resource(f"cases.{kind}", [*BASE.values(), *own], cells)


def picture(seed: int, *, is_after: bool, width: int = 320, height: int = 240) -> bytes:
    """A small PNG that stands for a photo: tiles of a kitchen, stained before and clean after."""
    base = (232, 240, 236) if is_after else (196, 184, 160)
    joint, stain, *shades = (
        bytes(max(0, min(255, part + shade)) for part in base) for shade in (-46, -70, *range(SHADES))
    )
    lines = []
    for y in range(height):
        tiles = []
        for x in range(0, width, TILE):
            is_stain = not is_after and (x // TILE * 7 + y // TILE * 5 + seed) % 6 == 0
            first = (x + JOINT + y + seed * 9) % SHADES
            ramp = b"".join(shades[first:] + shades[:first]) * (TILE // SHADES + 1)
            tiles.append(joint * JOINT + (stain * TILE if is_stain else ramp)[: (TILE - JOINT) * len(base)])
        row = joint * width if y % TILE < JOINT else b"".join(tiles)[: width * len(base)]
        lines.append(b"\0" + row)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
