"""A file of evidence and reviews leaves what the same deeds, one by one, leave; its statements do not grow with it."""

import csv
import json
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from shian.domains.campaign.actions.evidence import Content, EvidenceRefused, Facts, add_version, file_evidence
from shian.domains.campaign.actions.reviews import ReviewRefused, close_round, give_verdict, open_round
from shian.domains.campaign.imports.reviewing import items_in, moment
from shian.domains.campaign.models import (
    Evidence,
    EvidenceLink,
    EvidenceNeed,
    EvidenceVersion,
    ReviewRound,
    ReviewVerdict,
    RoundItem,
)
from shian.domains.campaign.tests.test_evidence import ZONE, agriculture, first_items
from shian.kernel.files.actions import store_file
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.actions.paths import ImportSummary
from shian.kernel.imports.models import ImportProblem
from shian.kernel.notary.models import Entry
from shian.registers.people.models import Organisation

__all__ = ["agriculture"]
NOW = datetime(2023, 10, 9, 9, tzinfo=ZONE)
UNIT, ABSENT = "1310-AGRI", "缺失.pdf"
ROUNDS = {
    "1": {"round_no": "1", "opened_on": "2023-07-03", "due_on": "2023-07-31", "closed_on": "2023-07-28"},
    "2": {"round_no": "2", "opened_on": "2023-08-07", "due_on": "2023-08-31"},
}
Row = dict[str, str]
pytestmark = pytest.mark.django_db


def row(number: str, title: str, items: list[str], day: str, file: str, **more: str) -> Row:
    told = {"area_code": "131000", "unit_code": UNIT, "item_codes": ";".join(items), "title": title, "doc_no": "",
            "issued_on": "2023-01-05", "uploaded_on": day, "uploaded_by": "liaison", "file": file}  # fmt: skip
    return {**ROUNDS[number], **told, **more}


def verdict(word: str, day: str, comment: str = "", by: str = "reviewer") -> Row:
    return {"verdict": word, "reviewed_on": day, "reviewer": by, "comment": comment}


def story() -> list[Row]:
    """Passed, returned and passed anew, passed on conditions, two documents under one item, one not yet judged."""
    one, two, three, four = first_items(4)
    return [
        row("1", "方案", [one, two], "2023-07-04", "方案.pdf", **verdict("通过", "2023-07-10")),
        row("1", "台账", [two], "2023-07-05", "台账.pdf", **verdict("退回", "2023-07-11", "没有盖章")),
        row("1", "总结", [three], "2023-07-06", "总结.pdf", **verdict("有条件通过", "2023-07-12", "补充数据")),
        row("2", "台账", [two], "2023-08-08", "台账2.pdf", **verdict("通过", "2023-08-10")),
        row("2", "总结", [three], "2023-08-08", "总结.pdf", **verdict("通过", "2023-08-11")),
        row("2", "名单", [four], "2023-08-09", "名单.pdf"),
        row("2", "自查", [four], "2023-08-09", "自查.pdf", **verdict("通过", "2023-08-12", by="liaison")),
    ]


@pytest.fixture
def bring(tmp_path: Path, agriculture, time_machine):
    """Rows as a package with their files, through the ordinary importer."""
    time_machine.move_to(NOW)

    def do(rows: list[Row], **terms: str) -> ImportSummary:
        folder = tmp_path / "package"
        (folder / "files").mkdir(parents=True, exist_ok=True)
        for each in rows:
            if each["file"] != ABSENT:
                (folder / "files" / each["file"]).write_bytes(body(each["file"]))
        names = list(dict.fromkeys(name for each in rows for name in each))
        with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
        told = {"importer": "evidence", "attachments": "files"}
        package = {"name": "p", "resources": [{"name": "evidence", "path": "rows.csv", "shian": told}]}
        (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        return import_path(path=folder, by="cli", at=NOW, again=True, **terms)[0]

    return do


def body(name: str) -> bytes:
    return b"%PDF-1.4\n% " + name.encode() + b"\n%%EOF\n"


def one_by_one(rows: list[Row]) -> None:
    """The same deeds through the actions that the pages call."""
    for number in dict.fromkeys(each["round_no"] for each in rows):
        first = next(each for each in rows if each["round_no"] == number)
        review = open_round(
            area_key="1310", title=f"第 {number} 轮资料审查", due_on=date.fromisoformat(first["due_on"]),
            levels=("city", "county"), by="cli", at=moment(date.fromisoformat(first["opened_on"]), 8),
        )  # fmt: skip
        for each in rows:
            if each["round_no"] == number:
                deed(review, each)
        if first.get("closed_on"):
            close_round(review=review, by="cli", at=moment(date.fromisoformat(first["closed_on"]), 18))


def deed(review: ReviewRound, each: Row) -> None:
    from io import BytesIO

    stored = store_file(name=each["file"], stream=BytesIO(body(each["file"])), kinds=("pdf",), by="cli", at=NOW)
    given, at = Content(stored, each["file"]), moment(date.fromisoformat(each["uploaded_on"]))
    found = Evidence.objects.filter(title=each["title"]).first()
    if found is None:
        unit, facts = Organisation.objects.get(code=UNIT), Facts(each["title"], date.fromisoformat(each["issued_on"]))
        found = file_evidence(unit=unit, area_key="1310", items=items_in(each), facts=facts, content=given,
                              by=each["uploaded_by"], at=at)  # fmt: skip
    else:
        with suppress(EvidenceRefused):
            add_version(evidence=found, content=given, note="按审核意见修改", by=each["uploaded_by"], at=at)
    found.refresh_from_db()
    word = {"通过": "passed", "有条件通过": "conditional", "退回": "returned"}.get(each.get("verdict", ""))
    for link in EvidenceLink.objects.filter(evidence=found) if word else []:
        with suppress(ReviewRefused):
            give_verdict(review=review, link=link, seen=found.version, verdict=word, comment=each["comment"],
                         by=each["reviewer"], at=moment(date.fromisoformat(each["reviewed_on"]), 15))  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """All that stands in the tables and in the log, without the numbers of rows."""
    link = ("link__evidence__title", "link__need__item_code")
    return {
        "needs": [*EvidenceNeed.objects.order_by("item_code", "county").values_list(
            "item_code", "city", "county", "unit", "state", "since", "filed_on", "passed_on")],
        "rounds": [*ReviewRound.objects.order_by("number").values_list("title", "opened_at", "closed_at", "levels")],
        "items": [*RoundItem.objects.order_by("round__number", "need__item_code", "need__county").values_list(
            "round__number", "need__item_code", "need__county", "before", "outcome", "decided_at")],
        "documents": [*Evidence.objects.order_by("title").values_list(
            "title", "doc_no", "unit", "city", "county", "issued_on", "version", "filed_at", "filed_by")],
        "versions": [*EvidenceVersion.objects.order_by("evidence__title", "number").values_list(
            "evidence__title", "number", "stored__sha256", "name", "note", "uploaded_at", "uploaded_by")],
        "links": [*EvidenceLink.objects.order_by("evidence__title", "need__item_code").values_list(
            "evidence__title", "need__item_code", "state", "accepted__number", "accepted_sha256", "archived_at")],
        "verdicts": [*ReviewVerdict.objects.order_by("round__number", *link).values_list(
            "round__number", *link, "version__number", "sha256", "verdict", "comment", "at", "by")],
        "seals": [*Entry.objects.filter(action__startswith="campaign.").order_by("pk").values_list(
            "action", "actor", "at", "data")],
    }  # fmt: skip


def test_a_file_leaves_what_the_same_deeds_leave_one_by_one(bring) -> None:
    rows = story()
    with suppress(InterruptedError), transaction.atomic():
        one_by_one(rows)
        expected = everything()
        raise InterruptedError

    summary = bring(rows)

    assert (summary.state, summary.stopped, summary.new, summary.same) == ("accepted", "", 6, 1)
    found = everything()
    for name, told in expected.items():
        assert found[name] == told, name
    assert {len(told) for told in expected.values()} != {0}


def test_a_countys_office_neither_opens_nor_closes_a_round_of_the_city(bring) -> None:
    rows = [each | {"area_code": "131022"} for each in story()]

    summary = bring(rows, area="131022")

    assert not ReviewRound.objects.exists()
    assert {each.column for each in ImportProblem.objects.filter(batch=summary.batch)} == {"round_no"}


def test_the_rounds_of_a_file_are_titled_in_chinese(bring) -> None:
    with override("en"):
        bring(story())

    assert set(ReviewRound.objects.values_list("title", flat=True)) == {"第 1 轮资料审查", "第 2 轮资料审查"}


def test_every_verdict_carries_its_own_seal(bring) -> None:
    bring(story())

    for given in ReviewVerdict.objects.select_related("link"):
        entry = Entry.objects.get(uid=given.seal)
        assert entry.subject == f"campaign.evidence:{given.link.evidence_id}"
        assert entry.data["sha256"] == given.sha256


def test_the_same_file_again_changes_nothing(bring) -> None:
    bring(story())
    before = everything()

    summary = bring(story())

    assert (summary.new, summary.same) == (0, 7)
    assert everything() == before


def test_each_bad_row_is_named_with_what_to_do_and_the_good_one_comes_in(bring) -> None:
    item = first_items(1)[0]
    bad = {
        "file": row("1", "甲", [item], "2023-07-04", ABSENT, closed_on=""),
        "item_codes": row("1", "乙", ["9.9.9"], "2023-07-04", "乙.pdf", closed_on=""),
        "unit_code": row("1", "丙", [item], "2023-07-04", "丙.pdf", closed_on="", unit_code="1310-NONE"),
        "expires_on": row("1", "丁", [item], "2023-07-04", "丁.pdf", closed_on="", expires_on="2022-12-31"),
        "comment": row("1", "戊", [item], "2023-07-04", "戊.pdf", closed_on="", **verdict("退回", "2023-07-10")),
        "uploaded_on": row("1", "己", [item], "2023-10-10", "己.pdf", closed_on=""),
    }
    good = row("1", "庚", [item], "2023-07-04", "庚.pdf", closed_on="", **verdict("通过", "2023-07-10"))

    summary = bring([*bad.values(), good])

    assert (summary.accepted, summary.rejected) == (1, len(bad))
    told = {each.row_no: each for each in ImportProblem.objects.all()}
    assert {number: each.column for number, each in told.items()} == dict(enumerate(bad, 2))
    assert all(each.reason and each.remedy for each in told.values())
    assert ABSENT in told[2].reason
    assert list(Evidence.objects.values_list("title", flat=True)) == ["庚"]


def test_more_rows_cost_no_more_statements_but_their_seals(bring) -> None:
    items, counts = first_items(6), []
    for place, size in enumerate((1, 2, 12)):
        rows = [
            row("1", f"材料{place}-{n}", [items[n % 6]], "2023-07-08", f"{place}-{n}.pdf", closed_on="",
                **verdict("通过", "2023-07-09"))
            for n in range(size)
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as told:
            bring(rows)
        statements = [str(each["sql"]) for each in told]
        counts.append(sum("campaign_" in each and "notary_entry" not in each for each in statements))
    _opening, few, many = counts
    assert few == many
