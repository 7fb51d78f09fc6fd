"""Evidence of the document items in three rounds of review: one before the self-assessment, whose archive holds it, one
that ended lately, one that is under way."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tools.democity.organisations import Organisation
from tools.democity.package import Resource
from tools.democity.place import PACKS, Place, read_yaml
from tools.democity.verdicts import LEVELS

HEADINGS = [
    "轮次", "开始日期", "审核截止", "结束日期", "区划代码", "单位编码", "评价内容编号", "材料名称", "文号",
    "印发日期", "覆盖期间起", "覆盖期间止", "有效期至", "上传日期", "上传人", "文件", "结论", "审核意见", "审核日期",
    "评审人",
]  # fmt: skip
FOLDER = "evidence"
EARLY = 35  # days before the published day on which the first round opened
SECOND, THIRD = 75, 20  # days before today on which the others did
LONG, SHORT = 30, 28  # days that a round is given
EARLY_SHARE = 0.35  # of the city's items, accepted in the first round
COUNTIES = 3  # whose evidence is made besides the city's
COMMENTS = {
    "退回": ("缺少盖章页，请补扫完整文件", "文件为征求意见稿，请提交正式印发稿", "覆盖期间不足一年，请补充下半年材料"),
    "有条件通过": ("请补充附件", "请附会议签到和照片", "数据与台账不一致，请核对后说明"),
}


@dataclass(frozen=True)
class Paper:
    """A document of an area; the same one may prove several items. is_early: it was accepted in the first round."""

    unit: Organisation
    items: list[str]
    title: str
    issued_on: date
    is_early: bool


def evidence_resource(place: Place, organisations: Sequence[Organisation], packs: Path = PACKS) -> Resource | None:
    """None for a place that runs no campaign of its own."""
    path = packs / "criteria" / "2021.yaml"
    by_code = {each.code: each for each in organisations}
    if not path.exists() or not any(each.campaign for each in organisations):
        return None
    dice = place.dice("evidence")
    papers: dict[tuple[str, str], Paper] = {}
    for paper in _papers(place, _items(read_yaml(path)), by_code, dice):
        known = papers.setdefault((paper.unit.code, paper.title), paper)
        if known.is_early == paper.is_early:
            known.items.append(paper.items[0])
    rows: list[list[Any]] = []
    files: dict[str, bytes] = {}
    for number, paper in enumerate(papers.values(), 1):
        rows += (_early if paper.is_early else _history)(place, paper, number, dice, files)
    rows.sort(key=lambda row: (row[0], row[13], row[15]))
    return Resource("evidence", HEADINGS, rows, attachments=FOLDER, files=files)


def _items(criteria: Any) -> list[dict[str, Any]]:
    return [
        item
        for section in criteria["sections"]
        for point in section["points"]
        for item in point["indicators"]
        if item["primary_channel"] == "document"
    ]


def _papers(
    place: Place, items: Sequence[dict[str, Any]], by_code: dict[str, Organisation], dice: random.Random
) -> Iterator[Paper]:
    counties = place.counties[:COUNTIES] if place.unit.level == "市" else []
    for area, share in ((place.unit, 0.9), *((county, 0.25) for county in counties)):
        for item in items:
            names = list(item.get("evidence", ())) or [item["title"]]
            if dice.random() > share or LEVELS[area.level] not in item.get("applicable_levels", LEVELS.values()):
                continue
            unit = _unit(item, area.key, by_code)
            most = 2 if area is place.unit else 1
            is_early = area is place.unit and dice.random() < EARLY_SHARE
            day = place.as_of - timedelta(days=EARLY) if is_early else place.today
            for name in dice.sample(names, min(len(names), dice.randint(1, most))):
                issued_on = day - timedelta(days=dice.randint(20 if is_early else 120, 700))
                yield Paper(unit, [item["code"]], f"{area.name}{name}", issued_on, is_early)


def _unit(item: dict[str, Any], key: str, by_code: dict[str, Organisation]) -> Organisation:
    found = (by_code.get(f"{key}-{lead}") for lead in item.get("lead", ()))
    return next((each for each in found if each is not None), by_code[f"{key}-CAMPO"])


def _early(place: Place, paper: Paper, number: int, dice: random.Random, files: dict[str, bytes]) -> list[list[Any]]:
    """Filed and accepted before the self-assessment; no later round asks for it."""
    opened = place.as_of - timedelta(days=EARLY)
    filed, doc_no = opened + timedelta(days=dice.randint(1, 12)), _doc_no(paper, dice)
    closed = opened + timedelta(days=LONG)
    return [
        [1, opened, closed, closed, *_facts(paper, doc_no, None), filed, "联络员",
         _file(paper, number, 1, doc_no, files), "通过", "", filed + timedelta(days=dice.randint(2, 10)), "评审人员"]
    ]  # fmt: skip


def _doc_no(paper: Paper, dice: random.Random) -> str:
    return f"{paper.unit.short_name}〔{paper.issued_on.year}〕{dice.randint(1, 60)}号"


def _facts(paper: Paper, doc_no: str, expires: date | None) -> list[Any]:
    year = paper.issued_on.year
    return [
        paper.unit.area.code, paper.unit.code, ";".join(dict.fromkeys(paper.items)), paper.title, doc_no,
        paper.issued_on, date(year, 1, 1), date(year, 12, 31), expires,
    ]  # fmt: skip


def _history(place: Place, paper: Paper, number: int, dice: random.Random, files: dict[str, bytes]) -> list[list[Any]]:
    """One row for each of the two later rounds that the document took part in."""
    verdict = dice.choices(("通过", "退回", "有条件通过"), (0.62, 0.22, 0.16))[0]
    expires = place.today + timedelta(days=dice.choice((-12, 6, 18, 27))) if dice.random() < 0.09 else None
    if expires is None and dice.random() < 0.3:
        expires = paper.issued_on + timedelta(days=3 * 365)
    second, third = (place.today - timedelta(days=days) for days in (SECOND, THIRD))
    filed, doc_no = second + timedelta(days=dice.randint(1, 12)), _doc_no(paper, dice)
    facts = _facts(paper, doc_no, expires)
    rows = [
        [2, second, second + timedelta(days=LONG), second + timedelta(days=LONG), *facts, filed, "联络员",
         _file(paper, number, 1, doc_no, files), verdict, dice.choice(COMMENTS.get(verdict, ("",))),
         filed + timedelta(days=dice.randint(2, 10)), "评审人员"]
    ]  # fmt: skip
    if verdict == "通过" or dice.random() < 0.3:
        return rows
    filed = third + timedelta(days=dice.randint(1, 8))
    again = dice.choices(("", "通过", "退回"), (0.5, 0.38, 0.12))[0]
    reviewed = filed + timedelta(days=dice.randint(1, 8)) if again else None
    rows.append(
        [3, third, third + timedelta(days=SHORT), None, *facts, filed, "联络员",
         _file(paper, number, 2, doc_no, files), again, dice.choice(COMMENTS.get(again, ("",))), reviewed,
         "评审人员" if again else ""]
    )  # fmt: skip
    return rows


def _file(paper: Paper, number: int, version: int, doc_no: str, files: dict[str, bytes]) -> str:
    """A one-page PDF that says what it is; its name."""
    name = f"{number:03d}-{version}.pdf"
    lines = [paper.title, doc_no, paper.unit.name, f"{paper.issued_on} 印发", f"第 {version} 版（演示数据）"]
    files[name] = pdf_of(lines)
    return name


def pdf_of(lines: Sequence[str]) -> bytes:
    """A page with these lines in a Chinese font that every reader supplies."""
    shown = "".join(
        f"BT /F1 {20 if place == 0 else 13} Tf 60 {740 - 44 * place} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"
        for place, line in enumerate(lines)
    ).encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%sendstream" % (len(shown), shown),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[6 0 R]>>",
        (
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
            b"<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 7 0 R/DW 1000>>"
        ),
        (
            b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 752"
            b"/Descent -271/CapHeight 737/StemV 58>>"
        ),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % each for each in places)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start))
