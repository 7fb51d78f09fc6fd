"""Officials in four levels, who answers for which operator, and the letters that they signed (C-03 to C-06).

`duties: {officials: {city: 16, …}}` in city.yaml states their numbers on the published day. All persons are made up.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from shian.domains.duties.rules.matching import LEVEL_OF, WIDTH, Candidate, Need, assign, read_rules
from tools.democity.apportion import apportion
from tools.democity.names import Namer
from tools.democity.organisations import Organisation
from tools.democity.package import Resource
from tools.democity.people import Staff
from tools.democity.place import PACKS, Area, Place, read_yaml
from tools.democity.tiering import Tiered, Tiering, since, tiered_on

OFFICIAL_HEADINGS = [
    "干部编号", "姓名", "层级", "职务", "单位", "分管领域", "党政主要负责人", "办公电话", "任职区划", "人员编号",
    "接替干部编号", "任职日期", "离任日期",
]  # fmt: skip
MATCH_HEADINGS = ["主体编号", "所在区划", "起始日期", "终止日期", "干部编号", "对接原因"]
LETTER_HEADINGS = [
    "干部编号", "任职区划", "第几份", "生成日期", "签订期限", "对签人职务", "签字日期", "对签日期", "失效日期",
    "失效原因",
]  # fmt: skip
LEVELS = ("city", "county", "township", "village")
LETTER_OF = {"city": "SJ", "county": "XJ", "township": "ZJ", "village": "CJ"}
APPOINTED_BEFORE, SIGNED_AFTER, SIGN_DAYS = 10, 4, 7
LEAVES = 1 / 60
POSTS = {
    "city": (("市委书记", ""), ("市长", ""), ("市委副书记", ""), ("副市长", "教育"), ("副市长", ""), ("副市长", "卫健"),
             ("市人大常委会副主任", ""), ("市政协副主席", ""), ("市委常委", "")),
    "county": (("党委书记", ""), ("政府主要负责人", ""), ("副县级领导", "教育"), ("党委副书记", ""), ("常委", ""),
               ("副县级领导", ""), ("人大常委会副主任", ""), ("政协副主席", "")),
    "township": (("党委（党工委）书记", ""), ("镇长（主任）", ""), ("副镇长（副主任）", "教育"), ("人大主席", ""),
                 ("组织委员", ""), ("宣传委员", ""), ("武装部长", "")),
    "village": (("党组织书记", ""), ("村（居）委会主任", ""), ("村（居）委会委员", ""), ("网格员", "")),
}  # fmt: skip
HEADS = 2
COUNTER = {"city": "市委、市政府主要负责人", "county": "县级党委、政府主要负责人",
           "township": "乡级党委、政府主要负责人", "village": "村（社区）党组织主要负责人"}  # fmt: skip


@dataclass(frozen=True)
class Post:
    """An official as made; `key` counts them, `until` is the day of the successor."""

    key: int
    level: str
    area: Area
    title: str
    charge: str
    is_head: bool
    until: date | None = None

    @property
    def code(self) -> str:
        return f"{LETTER_OF[self.level]}{self.area.key}-{self.key:05d}"


@dataclass
class Roster:
    """Officials, who succeeds whom, and the rows of matches."""

    posts: list[Post]
    rows: list[list[Any]]
    matches: list[list[Any]]
    changes: dict[str, list[date]]


def make_roster(
    place: Place, tiering: Tiering, namer: Namer, staff: Staff, organisations: Sequence[Organisation],
    packs: Path = PACKS,
) -> Roster:  # fmt: skip
    """Officials where their operators are, matched by the product's own rule."""
    dice = namer.dice
    posts = [post for level in LEVELS for post in _posts(place, level, tiering, dice)]
    posts = [replace(post, key=number) for number, post in enumerate(posts, 1)]
    hosts = _hosts(place, staff, organisations)
    roster = Roster(posts, [], [], defaultdict(list))
    for post in posts:
        roster.rows += _official_rows(place, post, namer, hosts)
    rules = read_rules(read_yaml(packs / "parameters" / "duty_matches.yaml")["versions"][0])
    candidates = [
        Candidate(post.key, post.code, post.level, post.area.key, post.charge, post.is_head) for post in posts
    ]
    needs = [Need(number, each.letter, each.area, each.format) for number, each in enumerate(tiering.tiered)]
    for found in assign(needs, candidates, rules):
        if found.official:
            _match(roster, posts[found.official - 1], tiering.tiered[found.need.key], tiering)
    roster.matches.sort()
    return roster


def _posts(place: Place, level: str, tiering: Tiering, dice: random.Random) -> list[Post]:
    """So many of a level, by how many operators each area has; where they are fewer than areas, in the largest."""
    letters = [letter for letter, its in LEVEL_OF.items() if its == level]
    width, total = WIDTH[level], place.parameters["duties"]["officials"].get(level, 0)
    found = Counter(each.area[:width] for each in tiering.tiered if each.letter in letters)
    towns = {key[: WIDTH["township"]] for key in found if len(key) == width}
    # A park without villages has its own; elsewhere the villages share what lies in none.
    busy = {key: count for key, count in sorted(found.items()) if len(key) == width or key not in towns}
    if not total or not busy:
        return []
    if place.scale < 1:
        total = max(place.scaled(total), len(busy))
    keys = sorted(busy, key=lambda key: (-busy[key], key))[:total]
    parts = apportion(total - len(keys), [busy[key] for key in keys])
    made = []
    for key, part in zip(keys, parts, strict=True):
        until = place.as_of + timedelta(days=120 + dice.randrange(400)) if dice.random() < LEAVES else None
        for place_in_area in range(part + 1):
            title, charge = POSTS[level][min(place_in_area, len(POSTS[level]) - 1)]
            last = until if place_in_area == 1 and until and until < place.today else None
            made.append(Post(0, level, place.by_key[key], title, charge, place_in_area < HEADS, last))
    return sorted(made, key=lambda post: post.area.key)


def _official_rows(place: Place, post: Post, namer: Namer, hosts: dict[str, Any]) -> list[list[Any]]:
    """The official, and the successor where there is one; an account's person where the pack asks for it."""
    appointed = tiered_on(place) - timedelta(days=APPOINTED_BEFORE + namer.dice.randrange(200))
    phone = f"{place.parameters['duties']['phone_head']}{1000 + post.key % 9000}"
    level = {"city": "市级", "county": "县级", "township": "乡级", "village": "村级"}[post.level]
    rows = []
    for number, (start, end) in enumerate([(appointed, post.until), (post.until, None)]):
        if start is None:
            continue
        name = namer.person()
        person = _person(post, name, namer, hosts, start, end)
        code, before = (post.code, "") if number == 0 else (f"{post.code}-2", post.code)
        rows.append([
            code, name, level, post.title, post.area.name, post.charge, "是" if post.is_head else "否", phone,
            post.area.code, person, before, start, end or "",
        ])  # fmt: skip
    return rows


def _person(post: Post, name: str, namer: Namer, hosts: dict[str, Any], start: date, end: date | None) -> str:
    """A row among persons and posts for who can sign in: the officials of the townships that the pack names."""
    host = hosts["units"].get(post.area.key[:6]) if post.level != "city" else None
    if host is None or not any(post.area.key.startswith(town) for town in hosts["towns"]):
        return ""
    staff: Staff = hosts["staff"]
    number = f"{hosts['unit']}-P{len(staff.persons) + 1:05d}"
    staff.persons.append([number, name, namer.phone()])
    staff.posts.append([number, host.code, post.title, "包保干部", post.area.code, start, end or ""])
    return number


def _hosts(place: Place, staff: Staff, organisations: Sequence[Organisation]) -> dict[str, Any]:
    units = {each.area.key: each for each in organisations if each.department == "FSCO"}
    return {
        "staff": staff, "units": units, "unit": place.unit.key,
        "towns": [str(code) for code in place.parameters["duties"].get("accounts", ())],
    }  # fmt: skip


def _match(roster: Roster, post: Post, each: Tiered, tiering: Tiering) -> None:
    """From the first day until the operator closes; the successor takes over on the day of the change."""
    first, closed = since(each, tiering.on), each.closed
    handed = post.until if post.until and (closed is None or post.until < closed) else None
    roster.matches.append([each.code, each.area, first, handed or closed or "", post.code, "首次对接"])
    if handed:
        roster.matches.append([each.code, each.area, handed, closed or "", f"{post.code}-2", "接替"])
    if closed:
        roster.changes[f"{post.code}-2" if handed else post.code].append(closed)


def roster_resources(place: Place, tiering: Tiering, roster: Roster) -> list[Resource]:
    return [
        Resource("duty_officials", OFFICIAL_HEADINGS, roster.rows),
        Resource("duty_matches", MATCH_HEADINGS, roster.matches),
        Resource("duty_letters", LETTER_HEADINGS, _letters(place, tiering, roster)),
    ]


def _letters(place: Place, tiering: Tiering, roster: Roster) -> list[list[Any]]:
    """One letter for each official with operators, and the next one after each time that they changed."""
    posts = {post.code: post for post in roster.posts}
    mine: dict[str, list[list[Any]]] = defaultdict(list)
    for row in roster.matches:
        mine[row[4]].append(row)
    rows: list[list[Any]] = []
    for code, matches in sorted(mine.items()):
        post = posts[code.removesuffix("-2")]
        begun = min(row[2] for row in matches)
        gone = max((row[3] for row in matches), default="") if all(row[3] for row in matches) else None
        starts = {row[2] for row in matches} - {begun}
        days = sorted(day for day in {*starts, *roster.changes.get(code, [])} if day <= place.today)
        rows += _letters_of(code, post, begun, days, gone, place.today)
    return rows


def _letters_of(code: str, post: Post, begun: date, changes: list[date], gone: Any, today: date) -> list[list[Any]]:
    rows: list[list[Any]] = []
    starts = [begun, *changes]
    for number, start in enumerate(starts, 1):
        end = starts[number] if number < len(starts) else gone
        if start == gone or end == start:
            continue
        signed, countersigned = start + timedelta(days=SIGNED_AFTER - 2), start + timedelta(days=SIGNED_AFTER)
        limit = min(today, end or today)
        rows.append([
            code, post.area.code, len(rows) + 1, start, start + timedelta(days=SIGN_DAYS), COUNTER[post.level],
            signed if signed < limit else "", countersigned if countersigned < limit else "", end or "",
            "" if end is None else ("包保干部调整" if end == gone else "包保主体变动"),
        ])  # fmt: skip
    return rows
