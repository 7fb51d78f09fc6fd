"""Chains: some standing shops become branches that bear one brand and point to their head office."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from tools.democity.apportion import apportion
from tools.democity.names import LUCKY, Namer
from tools.democity.operators import COLUMN
from tools.democity.place import Place

NOUNS = {
    "便利店": "便利店",
    "小型超市": "超市",
    "药店": "大药房",
    "快餐店": "快餐",
    "饮品店": "茶饮",
    "糕点店": "烘焙",
    "母婴店": "母婴",
    "小型餐馆": "餐厅",
}
RETAIL = ("便利店", "小型超市", "药店", "母婴店")
HEADS = {True: "食品批发商", False: "集体用餐配送单位"}
FALLBACK = {True: "中型超市", False: "大型餐馆"}


def link_chains(place: Place, rows: list[list[Any]], namer: Namer, dice: random.Random) -> None:
    """Renames and links rows in place; head offices are companies that stand at as_of."""
    shops: Mapping[str, Mapping[str, int]] = place.parameters["operators"].get("chains", {})
    taken: set[str] = set()
    for name, wish in shops.items():
        standing = [r for r in rows if _may_join(r, name, place)]
        chains = max(1, round(wish["chains"] * place.scale))
        branches = min(len(standing), place.scaled(wish["branches"]))
        heads = _head_offices(rows, name in RETAIL, chains, taken, place, dice)
        chosen = dice.sample(standing, branches)
        sizes = apportion(branches, [dice.paretovariate(1.1) for _ in heads])
        for head, size in zip(heads, sizes, strict=True):
            members, chosen = chosen[:size], chosen[size:]
            _join(head, members, name, namer, dice)


def _standing(row: list[Any], place: Place) -> bool:
    return bool(row[COLUMN["开业日期"]] <= place.as_of and not row[COLUMN["注销日期"]])


def _may_join(row: list[Any], name: str, place: Place) -> bool:
    return row[COLUMN["业态"]] == name and _standing(row, place) and not row[COLUMN["所在市场编号"]]


def _head_offices(
    rows: list[list[Any]], retail: bool, number: int, taken: set[str], place: Place, dice: random.Random
) -> list[list[Any]]:
    for name in (HEADS[retail], FALLBACK[retail]):
        found = [
            row
            for row in rows
            if row[COLUMN["业态"]] == name
            and _standing(row, place)
            and row[0] not in taken
            and not row[COLUMN["所在市场编号"]]
            and row[COLUMN["统一社会信用代码"]].startswith("91")
        ]
        if len(found) >= number:
            heads = dice.sample(found, number)
            taken.update(row[0] for row in heads)
            return heads
    return []


def _join(head: list[Any], members: list[list[Any]], name: str, namer: Namer, dice: random.Random) -> None:
    brand = "".join(dice.sample(LUCKY, 2))
    company = "商贸" if name in RETAIL else "餐饮管理"
    head[COLUMN["名称"]] = f"{namer.city_name}{brand}{company}有限公司"
    for row in members:
        row[COLUMN["名称"]] = f"{brand}{NOUNS[name]}{namer.pick(namer.common_roads)}店"
        row[COLUMN["连锁总部编号"]] = head[0]
