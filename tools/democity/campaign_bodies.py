"""Heads of the campaign's bodies, deputies of liaison officers, officers who left, issued papers and their receipts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tools.democity.names import Namer
from tools.democity.organisations import Organisation
from tools.democity.package import Resource
from tools.democity.people import Staff
from tools.democity.place import Place, read_yaml

WORDS = Path(__file__).with_name("papers.yaml")
HEADINGS = [
    "文号", "版本", "文件名称", "文件类别", "区划代码", "印发单位编码", "适用范围", "替代文号", "审定日期",
    "审定会议", "印发日期",
]  # fmt: skip
READERS = "各县（市、区）、市直各部门"
RECEIPT_HEADINGS = ["文号", "版本", "单位编码", "发送日期", "签收日期", "签收人"]
GONE, ENDING = 17, 11  # one unit in so many lost its officer two months ago, or loses him soon


def fill_bodies(place: Place, organisations: list[Organisation], staff: Staff, namer: Namer) -> None:
    """A head for every body of the campaign and of the townships, a deputy for every third liaison officer.

    Two bodies are left without a head, and a few units without an officer: somebody has to be missing.
    """
    heads = [each for each in organisations if _title(each, place)]
    empty = {heads[len(heads) // 3].code, heads[-1].code} if len(heads) > 5 else set()
    for each in heads:
        if each.code not in empty:
            since = max(each.since, date(2022, 1, 4))
            _appoint(staff, place, namer, each, _title(each, place), "领导", since)
    units = [each for each in organisations if each.campaign or (each.department == "CAMPO" and _is_below(each, place))]
    for number, each in enumerate(units, start=1):
        if not each.campaign:
            _appoint(staff, place, namer, each, "创建工作联络员", "联络员", max(each.since, date(2022, 1, 4)))
        if number % 3 == 0:
            _appoint(staff, place, namer, each, "创建工作副联络员", "副联络员", max(each.since, date(2022, 3, 1)))
        if number % GONE == 0:
            _end(staff, each, place.today - timedelta(days=60))
        elif number % ENDING == 0:
            _end(staff, each, place.today + timedelta(days=20))


def _is_below(unit: Organisation, place: Place) -> bool:
    return unit.area is not place.unit


def _title(unit: Organisation, place: Place) -> str:
    """What the head of a body of the campaign is called, "" for other units."""
    at_top = not _is_below(unit, place)
    if unit.department == "CAMP":
        return "总指挥（市长）" if at_top and unit.area.level == "市" else "总指挥（区长）" if at_top else "组长"
    if unit.department == "CAMPO":
        return "办公室主任"
    return {"工作组": "组长", "督查片区": "督查组组长", "议事机构": "主任"}.get(unit.kind, "")


def _appoint(staff: Staff, place: Place, namer: Namer, unit: Organisation, title: str, kind: str, since: date) -> None:
    number = f"{place.unit.key}-P{len(staff.persons) + 1:05d}"
    staff.persons.append([number, namer.person(), namer.phone()])
    staff.posts.append([number, unit.code, title, kind, unit.area.code, since, ""])


def _end(staff: Staff, unit: Organisation, on: date) -> None:
    for post in staff.posts:
        if post[1] == unit.code and post[3] == "联络员" and not post[6]:
            post[6] = max(on, post[5] + timedelta(days=1))


def paper_resources(place: Place, organisations: list[Organisation]) -> list[Resource]:
    """The papers of a city's campaign (papers.yaml) and a receipt for each unit of it."""
    told = read_yaml(WORDS).get(place.name, [])
    if not told:
        return []
    units = [each for each in organisations if each.campaign or (each.department == "CAMPO" and _is_below(each, place))]
    known = {each.code for each in organisations}
    papers: list[list[Any]] = []
    receipts: list[list[Any]] = []
    for given in told:
        each = {key: _of_year(place, said) for key, said in given.items()}
        issued = _day(place, each.get("issued"))
        issuer = f"{place.unit.key}-{each.get('issuer', 'CAMPO')}"
        version = each.get("version", 1)
        if issuer not in known:
            message = f"papers.yaml: {place.name} has no unit {issuer}"
            raise ValueError(message)
        papers.append([
            each["doc_no"], version, each["title"], each["kind"], place.unit.code, issuer,
            each.get("for", READERS), each.get("replaces", ""), _day(place, each.get("approved")) or "",
            each.get("meeting", ""), issued or "",
        ])  # fmt: skip
        receipts += _receipts(place, each, version, issued, units) if issued else []
    return [Resource("papers", HEADINGS, papers), Resource("paper_receipts", RECEIPT_HEADINGS, receipts)]


def _receipts(
    place: Place, told: dict[str, Any], version: int, issued: date, units: list[Organisation]
) -> Iterator[list[Any]]:
    """Units sign within eight days; of a paper of the last weeks some have not."""
    dice = place.dice(f"receipts {told['doc_no']} {version}")
    for unit in units:
        signed = issued + timedelta(days=dice.randrange(9))
        is_open = signed > place.today or dice.random() < float(told.get("open", 0))
        name = "" if is_open else "联络员"
        yield [told["doc_no"], version, unit.code, issued, "" if is_open else signed, name]


def _day(place: Place, said: Any) -> date | None:
    """A date, or days before today: today-20d."""
    if isinstance(said, str) and said.startswith("today-"):
        return place.today - timedelta(days=int(said.removeprefix("today-").removesuffix("d")))
    return said if isinstance(said, date) else None


def _of_year(place: Place, said: Any) -> Any:
    """A number of this year's papers."""
    return said.replace("{year}", str(place.today.year)) if isinstance(said, str) else said


MEETING_HEADINGS = [
    "会议编号",
    "区划代码",
    "机构编码",
    "会议类别",
    "召开日期",
    "成员人数",
    "到会人数",
    "议事规则文号",
    "主要议题",
]
TRAINING_HEADINGS = [
    "培训班编号",
    "人员编号",
    "单位编码",
    "区划代码",
    "打分表",
    "培训主题",
    "学时",
    "培训日期",
    "考核成绩",
]
SHEETS = {"监管所": "现场核查打分表", "政府部门": "部门资料评分表"}


def meeting_resource(place: Place, organisations: list[Organisation]) -> Resource:
    """A plenary of every township's body within the last year; two of them met longer ago."""
    dice, rows = place.dice("committee meetings"), []
    bodies = [each for each in organisations if each.kind == "议事机构"]
    for number, unit in enumerate(bodies, start=1):
        held = place.today - timedelta(days=400 if number % 41 == 0 else 30 + dice.randrange(250))
        members = 9 + dice.randrange(6)
        rows.append([
            f"HY-{unit.area.key}-1", unit.area.code, unit.code, "全体会议", held, members, members - dice.randrange(3),
            "廊食安委演〔2022〕2号" if place.name == "langfang" else "", "研究本辖区食品安全和创建工作",
        ])  # fmt: skip
    return Resource("ledger.committee_meetings", MEETING_HEADINGS, rows)


def training_resource(place: Place, organisations: list[Organisation], staff: Staff) -> Resource:
    """Nine in ten of those who are to be trained have been, on the sheet of their kind of unit."""
    dice, by_code, rows = place.dice("training"), {each.code: each for each in organisations}, []
    for person, code, _, kind, area, _since, until in staff.posts:
        unit = by_code[code]
        sheet = SHEETS.get(unit.kind, "")
        if not sheet or kind == "领导" or until or dice.random() < 0.1:
            continue
        session = f"PX-{unit.area.key[:6]}-{sheet[:2]}"
        held, score = place.today - timedelta(days=120), 70 + dice.randrange(30)
        rows.append([session, person, code, area, sheet, f"{sheet}讲解", 4, held, score])
    return Resource("ledger.training_records", TRAINING_HEADINGS, rows)
