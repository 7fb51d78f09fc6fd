"""The standard as a workbook (评价内容, 量化指标, 部门, 说明): rows to the nested form, with messages per row."""

from collections.abc import Mapping, Sequence
from typing import Any

from shian.domains.campaign.rules.packs import StandardInvalid
from shian.domains.campaign.rules.problems import Problem

Rows = Sequence[Sequence[Any]]
METHOD_WORDS = {
    "资料审查": "document", "现场核查": "field", "数据核算": "statistic", "社会测评": "survey", "示范加分": "bonus",
    "否决": "veto",
}  # fmt: skip
CHANNEL_WORDS = {"资料审查": "document", "现场核查": "field", "外部结果": "external", "否决": "veto"}
COMPUTABILITY_WORDS = {
    "登记数据可算": "auto", "数据加人工": "semi", "人工评审": "human", "现场抽样加数据": "field+register",
    "现场抽样": "field", "外部提供": "external",
}  # fmt: skip
LEVEL_WORDS = {"市": "city", "县": "county", "乡": "township"}
SOURCE_WORDS = {"条文载明": "stated", "条文隐含": "implied", "地方目标": "local"}
INDICATOR_HEADINGS = (
    "大项序号", "大项", "要点序号", "要点", "编号", "评价内容", "内容要义", "检查方式", "主渠道", "取得方式",
    "牵头单位", "牵头为推断", "责任单位", "适用层级",
)  # fmt: skip
MEASURE_HEADINGS = ("编号", "指标编号", "指标名称", "比较", "目标值")


def pack_from_sheets(sheets: Mapping[str, Rows], *, key: str, effective_from: str) -> dict[str, Any]:
    """The nested form. Raises StandardInvalid with one problem per bad row: sheet, row, column, value."""
    reader = _Reader(sheets)
    departments = reader.departments()
    sections = reader.indicators({row["name"]: row["code"] for row in departments})
    reader.measures(sections)
    if reader.problems:
        raise StandardInvalid(reader.problems)
    notes = [str(row[0]) for row in sheets.get("说明", []) if row and row[0]]
    title, status, channel = (*notes, "", "", "")[:3]
    meta = {"key": key, "title": title or key, "effective_from": effective_from, "status_note": status,
            "channel_note": channel, "declared": {}, "registers": {}}  # fmt: skip
    return {"meta": meta, "departments": departments, "sections": list(sections.values())}


class _Reader:
    """Collects every problem instead of stopping at the first."""

    def __init__(self, sheets: Mapping[str, Rows]) -> None:
        self.sheets = sheets
        self.items: dict[str, dict[str, Any]] = {}
        self.problems: list[Problem] = []

    def table(self, sheet: str, wanted: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
        """(row number, heading → text) of the filled rows; a missing sheet or heading is a problem."""
        rows = self.sheets.get(sheet)
        if not rows:
            self.problems.append(Problem("sheet.missing", {"sheet": sheet}))
            return []
        headings = [_text(cell) for cell in rows[0]]
        missing = [name for name in wanted if name not in headings]
        if missing:
            self.problems.append(Problem("sheet.columns", {"sheet": sheet, "columns": missing}))
            return []
        lines = [(number, dict(zip(headings, map(_text, row), strict=False))) for number, row in enumerate(rows[1:], 2)]
        return [(number, line) for number, line in lines if any(line.values())]

    def departments(self) -> list[dict[str, Any]]:
        return [
            {"code": line["代码"], "name": line["名称"], "aliases": _words(line.get("别名", "")),
             "group": line.get("集合名称") == "是"}
            for _, line in self.table("部门", ("代码", "名称"))
        ]  # fmt: skip

    def indicators(self, codes: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        sections: dict[str, dict[str, Any]] = {}
        for number, line in self.table("评价内容", INDICATOR_HEADINGS):
            section = sections.setdefault(
                line["大项序号"], {"no": self.whole(line, "大项序号", number), "title": line["大项"], "points": []}
            )
            point_no = self.whole(line, "要点序号", number)
            points = section["points"]
            if not points or points[-1]["no"] != point_no:
                points.append({"no": point_no, "title": line["要点"], "indicators": []})
            item = self.indicator(number, line, codes)
            points[-1]["indicators"].append(item)
            self.items[line["编号"]] = item
        return sections

    def indicator(self, number: int, line: Mapping[str, str], codes: Mapping[str, str]) -> dict[str, Any]:
        item: dict[str, Any] = {
            "code": line["编号"],
            "title": line["评价内容"],
            "gist": line["内容要义"],
            "method": self.coded(line, "检查方式", METHOD_WORDS, number),
            "primary_channel": (self.coded(line, "主渠道", CHANNEL_WORDS, number) or [""])[0],
            "computability": (self.coded(line, "取得方式", COMPUTABILITY_WORDS, number) or [""])[0],
            "lead": self.coded(line, "牵头单位", codes, number),
            "lead_inferred": line["牵头为推断"] == "是",
            "responsible": self.coded(line, "责任单位", codes, number),
            "applicable_levels": self.coded(line, "适用层级", LEVEL_WORDS, number),
            "registers": _words(line.get("数据登记", "")),
            "evidence": _words(line.get("佐证材料", "")),
            "field_sites": _words(line.get("现场类别", "")),
            "note": line.get("说明", ""),
            "measures": [],
        }
        if item["primary_channel"] == "veto":
            item["veto"] = self.veto(line)
        return item

    def veto(self, line: Mapping[str, str]) -> dict[str, Any]:
        months, near = line.get("回看月数", ""), line.get("临近余量", "")
        kind = "count" if months else "floor" if near else "judgement"
        return {
            "kind": kind,
            "lookback_months": int(float(months)) if months else None,
            "near_margin": float(near) if near else None,
            "rule": line.get("否决规则", ""),
        }

    def measures(self, sections: Mapping[str, Any]) -> None:
        for number, line in self.table("量化指标", MEASURE_HEADINGS):
            item = self.items.get(line["编号"])
            if item is None:
                self.problem("cell.no_item", "量化指标", number, "编号", line["编号"])
                continue
            item["measures"].append({
                "key": line["指标编号"], "title": line["指标名称"], "kind": line.get("类型", ""),
                "numerator": line.get("分子", ""), "denominator": line.get("分母", ""), "unit": line.get("单位", ""),
                "period": line.get("统计期间", "") or "none", "period_label": line.get("期间说明", ""),
                "levels": self.coded(line, "适用层级", LEVEL_WORDS, number, sheet="量化指标"),
                "operator": line["比较"], "threshold": self.number(line, "目标值", number),
                "threshold_source": SOURCE_WORDS.get(line.get("目标值来源", ""), ""),
                "threshold_source_label": line.get("目标值来源", ""), "note": line.get("说明", ""),
            })  # fmt: skip

    def coded(
        self, line: Mapping[str, str], column: str, words: Mapping[str, str], number: int, sheet: str = "评价内容"
    ) -> list[str]:
        found = []
        for word in _words(line.get(column, "")):
            if word in words:
                found.append(words[word])
            else:
                self.problem("cell.unknown", sheet, number, column, word)
        return found

    def whole(self, line: Mapping[str, str], column: str, number: int) -> int:
        try:
            return int(float(line[column]))
        except ValueError:
            self.problem("cell.no_whole_number", "评价内容", number, column, line[column])
            return 0

    def number(self, line: Mapping[str, str], column: str, number: int) -> str:
        try:
            float(line[column])
        except ValueError:
            self.problem("cell.no_number", "量化指标", number, column, line[column])
            return "0"
        return line[column]

    def problem(self, code: str, sheet: str, row: int, column: str, value: str) -> None:
        self.problems.append(Problem(code, {"sheet": sheet, "row": row, "column": column, "value": value}))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split("、") if word.strip()]


def _text(cell: Any) -> str:
    """A cell as people see it: 1.0 is 1."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
