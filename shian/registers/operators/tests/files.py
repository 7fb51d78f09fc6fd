"""Files of operators made for tests. Names and numbers are invented; numbers carry right check digits."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import xlsxwriter

TITLES = {
    "code": "主体编号",
    "name": "名称",
    "uscc": "统一社会信用代码",
    "licence_kind": "证照类型",
    "licence_no": "证照编号",
    "kind": "主体类别",
    "small_kind": "三小类别",
    "format": "业态",
    "stage": "环节",
    "size": "规模",
    "employees": "从业人数",
    "area_m2": "经营面积",
    "representative": "法定代表人",
    "phone": "联系电话",
    "area_code": "所在区划",
    "address": "地址",
    "lon": "经度",
    "lat": "纬度",
    "chain_code": "连锁总部编号",
    "host_code": "所在市场编号",
    "opened_on": "开业日期",
    "closed_on": "注销日期",
}
_serials = count(1)


def licence(kind: str = "JY", form: str = "1", region: str = "131022") -> str:
    """A new number with its check digit (MOD 11,10)."""
    digits = f"{form}{region}{next(_serials):06d}"
    product = 10
    for digit in digits:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return f"{kind}{digits}{(11 - product) % 10}"


def operator(**changes: Any) -> dict[str, Any]:
    """A good row: a convenience shop in 固安镇."""
    number = next(_serials)
    row = {
        "code": f"131022-{number:05d}",
        "name": "固安鑫源便利店",
        "licence_kind": "JY",
        "licence_no": licence(),
        "kind": "食品销售",
        "format": "便利店",
        "stage": "流通",
        "size": "微型",
        "employees": "3",
        "area_code": "131022100",
        "address": "固安县固安镇新华路1号",
        "opened_on": "2020-05-01",
    }
    return {**row, **changes}


def table(rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """Headings and rows, with the columns that any row uses."""
    names = [name for name in TITLES if any(name in row for row in rows)]
    return [[TITLES[name] for name in names], *([row.get(name, "") for name in names] for row in rows)]


def workbook(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """The rows as .xlsx."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("主体")
        for number, row in enumerate(table(rows)):
            sheet.write_row(number, 0, row)
    return path
