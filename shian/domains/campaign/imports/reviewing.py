"""One round of a file of evidence: worked out in memory in the order of its rows, written in a few statements.

Documents, versions and verdicts are sealed one by one as the actions seal them, so that each has its own history.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.actions.evidence import Content, Facts, need_for, seal_filed, seal_renewed, stand_by
from shian.domains.campaign.actions.reviews import judge_link, sealed_verdict
from shian.domains.campaign.models import (
    Evidence,
    EvidenceLink,
    EvidenceNeed,
    EvidenceVersion,
    NeedState,
    ReviewRound,
    ReviewVerdict,
    RoundItem,
)
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.kernel.ui.languages import language_of_record

SEPARATORS = re.compile(r"[;；、\s]+")
LINK_FIELDS = ["state", "accepted", "accepted_sha256", "archived_at"]
NEED_FIELDS = ["state", "filed_on", "passed_on"]
Row = dict[str, Any]
Named = tuple[str, str]


def items_in(row: Row) -> list[str]:
    """The items that the row's document proves."""
    return [each for each in SEPARATORS.split(row["item_codes"]) if each]


def moment(day: date, hour: int = 10) -> datetime:
    """A day of the file as a moment: files tell no hours."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


@dataclass
class _Desk:
    """Everything that the rows touch, as it stands: documents by unit and title, needs by item and area key, links by
    document and by need, versions by document, the round's list by need; and what is still to be written."""

    review: ReviewRound
    documents: dict[Named, Evidence]
    needs: dict[Named, EvidenceNeed]
    versions: dict[int, list[EvidenceVersion]] = field(default_factory=lambda: defaultdict(list))
    links: dict[int, list[EvidenceLink]] = field(default_factory=lambda: defaultdict(list))
    under: dict[int, list[EvidenceLink]] = field(default_factory=lambda: defaultdict(list))
    listed: dict[int, RoundItem] = field(default_factory=dict)
    judged: set[int] = field(default_factory=set)
    verdicts: list[ReviewVerdict] = field(default_factory=list)
    touched: dict[int, EvidenceNeed] = field(default_factory=dict)

    def settle(self, need: EvidenceNeed, day: date) -> None:
        """Where the item stands after the last change to one of its documents."""
        stand_by(need, [each.state for each in self.under[need.pk]], day)
        self.touched[need.pk] = need


def play_round(review: ReviewRound, rows: Sequence[Row], attached: Mapping[str, str]) -> int:
    """File what came in and review what was reviewed; how many documents or versions are new."""
    contents = _contents(rows, attached)
    desk = _desk(review, rows)
    filed = _filed(desk, rows, contents)
    for row, version in zip(rows, filed, strict=True):
        document = desk.documents[row["unit_code"], row["title"]]
        if version is not None:
            _settle_filed(desk, row, document, contents[row["file"]])
        if row["verdict"] and review.closed_at is None:
            _judge(desk, row, document)
    _write(desk)
    return sum(version is not None for version in filed)


def _contents(rows: Sequence[Row], attached: Mapping[str, str]) -> dict[str, Content]:
    hashes = {row["file"]: attached[row["file"]] for row in rows}
    stored = StoredFile.objects.filter(sha256__in=hashes.values()).in_bulk(field_name="sha256")
    return {name: Content(stored[sha256], name) for name, sha256 in hashes.items()}


def _desk(review: ReviewRound, rows: Sequence[Row]) -> _Desk:
    found = Evidence.objects.filter(unit__in={row["unit_code"] for row in rows}, title__in={r["title"] for r in rows})
    desk = _Desk(review, {(each.unit_id, each.title): each for each in found.order_by("-pk")}, _needs(rows))
    for version in EvidenceVersion.objects.filter(evidence__in=desk.documents.values()).select_related("stored"):
        desk.versions[version.evidence_id].append(version)
    for link in EvidenceLink.objects.filter(evidence__in=desk.documents.values()).select_related("need"):
        desk.needs.setdefault((link.need.item_code, link.need.area), link.need)
    needs = {each.pk: each for each in desk.needs.values()}
    for link in EvidenceLink.objects.filter(need__in=needs).order_by("pk"):
        link.need = needs[link.need_id]
        desk.under[link.need_id].append(link)
        desk.links[link.evidence_id].append(link)
    desk.listed = {each.need_id: each for each in RoundItem.objects.filter(round=review, need__in=needs)}
    desk.judged = set(ReviewVerdict.objects.filter(round=review).values_list("link", flat=True))
    return desk


def _needs(rows: Sequence[Row]) -> dict[Named, EvidenceNeed]:
    """What the rows' items stand under; made where no round has asked for it."""
    day_of = {
        (item, key_of_code(row["area_code"])): row["uploaded_on"] for row in reversed(rows) for item in items_in(row)
    }
    known = EvidenceNeed.objects.filter(item_code__in={item for item, _area in day_of})
    found = {(each.item_code, each.area): each for each in known if (each.item_code, each.area) in day_of}
    return found | {named: need_for(*named, day) for named, day in day_of.items() if named not in found}


def _filed(desk: _Desk, rows: Sequence[Row], contents: Mapping[str, Content]) -> list[EvidenceVersion | None]:
    """The new version of each row, with its document where that is new; None where this content was here already."""
    new = [_document(row) for row in rows if (row["unit_code"], row["title"]) not in desk.documents]
    Evidence.objects.bulk_create(new)
    desk.documents |= {(each.unit_id, each.title): each for each in new}
    versions: list[EvidenceVersion | None] = []
    renewed = []
    for row in rows:
        document, content = desk.documents[row["unit_code"], row["title"]], contents[row["file"]]
        before = desk.versions[document.pk]
        if any(each.stored_id == content.stored.pk for each in before):
            versions.append(None)
            continue
        if before:
            document.version += 1
            renewed.append(document)
        version = _version(row, document, content, is_first=not before)
        versions.append(version)
        before.append(version)
    Evidence.objects.bulk_update(renewed, ["version"])
    EvidenceVersion.objects.bulk_create([each for each in versions if each is not None])
    return versions


def _document(row: Row) -> Evidence:
    told = {**{name: row[name] for name in Facts.__dataclass_fields__}, "doc_no": row["doc_no"] or ""}
    return Evidence(
        **columns_of_key(key_of_code(row["area_code"])), **told, unit_id=row["unit_code"],
        filed_at=moment(row["uploaded_on"]), filed_by=_uploader(row),
    )  # fmt: skip


def _version(row: Row, document: Evidence, content: Content, *, is_first: bool) -> EvidenceVersion:
    return EvidenceVersion(
        evidence=document, number=document.version, stored=content.stored, name=content.name,
        note="" if is_first else _renewed(), uploaded_at=moment(row["uploaded_on"]),
        uploaded_by=_uploader(row),
    )  # fmt: skip


def _renewed() -> str:
    """The note of a newer version: a record, so in its language."""
    with language_of_record():
        return _("按审核意见修改")


def _uploader(row: Row) -> str:
    return str(row["uploaded_by"] or row["unit_code"])


def _settle_filed(desk: _Desk, row: Row, document: Evidence, content: Content) -> None:
    """The document is filed under its items: for the first time, or again."""
    by, at, day = _uploader(row), moment(row["uploaded_on"]), row["uploaded_on"]
    if links := desk.links[document.pk]:
        for link in links:
            link.state = NeedState.FILED
        seal_renewed(document, _renewed(), content, by, at)
    else:
        area, items = key_of_code(row["area_code"]), items_in(row)
        links += [EvidenceLink(evidence=document, need=desk.needs[item, area]) for item in dict.fromkeys(items)]
        for link in links:
            desk.under[link.need_id].append(link)
        seal_filed(document, items, content, by, at)
    for link in links:
        desk.settle(link.need, day)


def _judge(desk: _Desk, row: Row, document: Evidence) -> None:
    """The row's verdict under every item of the document that is on the round's list and was not judged in it; nobody
    judges what they uploaded themselves."""
    version, at = desk.versions[document.pk][-1], moment(row["reviewed_on"], 15)
    if version.uploaded_by == row["reviewer"]:
        return
    for link in desk.links[document.pk]:
        if link.pk in desk.judged or link.need_id not in desk.listed:
            continue
        given = sealed_verdict(desk.review, link, version, row["verdict"], row["comment"] or "", row["reviewer"], at)
        desk.verdicts.append(given)
        judge_link(link, version, row["verdict"])
        desk.listed[link.need_id].decided_at = at
        desk.settle(link.need, row["reviewed_on"])


def _write(desk: _Desk) -> None:
    """What the rows left; lists of all open rounds tell where their items now stand."""
    links = [each for document in desk.documents.values() for each in desk.links[document.pk]]
    EvidenceLink.objects.bulk_update([each for each in links if each.pk], LINK_FIELDS)
    EvidenceLink.objects.bulk_create([each for each in links if not each.pk])
    ReviewVerdict.objects.bulk_create(desk.verdicts)
    EvidenceNeed.objects.bulk_update(desk.touched.values(), NEED_FIELDS)
    RoundItem.objects.bulk_update([desk.listed[pk] for pk in desk.listed.keys() & desk.touched], ["decided_at"])
    standing = EvidenceNeed.objects.filter(pk=OuterRef("need")).values("state")
    RoundItem.objects.filter(need__in=desk.touched, round__closed_at__isnull=True).update(outcome=Subquery(standing))
