"""Write a standard pack as a workbook with Chinese headings, the form in which offices exchange it.

python tools/criteria/to_xlsx.py packs/criteria/2021.yaml packs/criteria/2021.xlsx
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

Node = dict[str, Any]
METHODS = {
    "document": "资料审查",
    "field": "现场核查",
    "statistic": "数据核算",
    "survey": "社会测评",
    "bonus": "示范加分",
    "veto": "否决",
}
CHANNELS = {"document": "资料审查", "field": "现场核查", "external": "外部结果", "veto": "否决"}
COMPUTABILITY = {
    "auto": "登记数据可算",
    "semi": "数据加人工",
    "human": "人工评审",
    "field+register": "现场抽样加数据",
    "field": "现场抽样",
    "external": "外部提供",
}
LEVELS = {"city": "市", "county": "县", "township": "乡"}
INDICATOR_COLUMNS: list[tuple[str, int]] = [
    ("大项序号", 9), ("大项", 14), ("要点序号", 9), ("要点", 16), ("编号", 9), ("评价内容", 26),
    ("内容要义", 60), ("检查方式", 22), ("主渠道", 11), ("取得方式", 16), ("牵头单位", 24), ("牵头为推断", 11),
    ("责任单位", 44), ("适用层级", 11), ("数据登记", 30), ("佐证材料", 44), ("现场类别", 30),
    ("回看月数", 9), ("临近余量", 9), ("否决规则", 34), ("说明", 40),
]  # fmt: skip
MEASURE_COLUMNS: list[tuple[str, int]] = [
    ("编号", 10), ("指标编号", 12), ("指标名称", 24), ("类型", 10), ("分子", 50), ("分母", 40), ("单位", 12),
    ("统计期间", 14), ("期间说明", 18), ("适用层级", 11), ("比较", 7), ("目标值", 9), ("目标值来源", 12),
    ("说明", 40),
]  # fmt: skip
DEPARTMENT_COLUMNS: list[tuple[str, int]] = [("代码", 12), ("名称", 32), ("别名", 50), ("集合名称", 10)]


def items(pack: Node) -> Iterator[tuple[Node, Node, Node]]:
    for section in pack["sections"]:
        for point in section["points"]:
            for indicator in point["indicators"]:
                yield section, point, indicator


def joined(values: list[str]) -> str:
    return "、".join(values)


def yes(flag: bool) -> str:
    return "是" if flag else "否"


def indicator_rows(pack: Node) -> Iterator[list[Any]]:
    names = {row["code"]: row["name"] for row in pack["departments"]}
    registers = pack["meta"]["registers"]
    for section, point, item in items(pack):
        veto = item.get("veto", {})
        yield [
            section["no"], section["title"], point["no"], point["title"], item["code"], item["title"],
            item["gist"], joined([METHODS[key] for key in item["method"]]), CHANNELS[item["primary_channel"]],
            COMPUTABILITY[item["computability"]], joined([names[code] for code in item["lead"]]),
            yes(item["lead_inferred"]), joined([names[code] for code in item["responsible"]]),
            joined([LEVELS[key] for key in item["applicable_levels"]]),
            joined([registers[key] for key in item["registers"]]), joined(item["evidence"]),
            joined(item.get("field_sites", [])), veto.get("lookback_months"), veto.get("near_margin"),
            veto.get("rule"), item.get("note"),
        ]  # fmt: skip


def measure_rows(pack: Node) -> Iterator[list[Any]]:
    for _, _, item in items(pack):
        for row in item.get("measures", []):
            yield [
                item["code"], row["key"], row["title"], row["kind"], row["numerator"], row["denominator"],
                row["unit"], row["period"], row["period_label"],
                joined([LEVELS[key] for key in row["levels"]]), row["operator"], row["threshold"],
                row["threshold_source_label"], row.get("note"),
            ]  # fmt: skip


def department_rows(pack: Node) -> Iterator[list[Any]]:
    for row in pack["departments"]:
        yield [row["code"], row["name"], joined(row["aliases"]), yes(row["group"])]


def fill(book: xlsxwriter.Workbook, title: str, columns: list[tuple[str, int]], rows: Iterator[list[Any]]) -> None:
    """Write headings and rows, frozen and wrapped so that the sheet can be read and printed."""
    heading = book.add_format({"bold": True, "bg_color": "#DDE6F0", "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(title)
    for number, (name, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, name, heading)
    for line, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            sheet.write(line, number, value, body)
    sheet.freeze_panes(1, 0)


def write_workbook(pack: Node, path: Path) -> None:
    """Write the four sheets; the fixed date makes the file the same on every run."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    meta = pack["meta"]
    book.set_properties({"title": meta["title"], "author": "Shian", "created": datetime(2021, 1, 1, tzinfo=UTC)})
    fill(book, "评价内容", INDICATOR_COLUMNS, indicator_rows(pack))
    fill(book, "量化指标", MEASURE_COLUMNS, measure_rows(pack))
    fill(book, "部门", DEPARTMENT_COLUMNS, department_rows(pack))
    note = book.add_worksheet("说明")
    note.set_column(0, 0, 100)
    for line, text in enumerate((meta["title"], meta["status_note"], meta["channel_note"])):
        note.write_string(line, 0, text)
    book.close()


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__)
        return 2
    pack = yaml.safe_load(Path(arguments[0]).read_text(encoding="utf-8"))
    write_workbook(pack, Path(arguments[1]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
