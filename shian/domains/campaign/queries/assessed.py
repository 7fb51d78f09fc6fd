"""What an assessor opens under an item: documents with the hash of their content and its seal."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from shian.domains.campaign.models import EvidenceLink, EvidenceVersion
from shian.domains.campaign.queries.evidence import links_of_need, need_of_item, needs_for, versions_now
from shian.kernel.notary.models import Entry
from shian.kernel.scope.rules import columns_of_key


@dataclass(frozen=True)
class AssessedFile:
    """A document under an item: the accepted version, else the newest. `state` is a NeedState,
    `seal` the entry that names its hash."""

    pk: int
    title: str
    doc_no: str
    unit: str
    state: str
    version: int
    sha256: str
    seal: UUID | None


def files_of_item(user: Any, code: str, area_key: str) -> list[AssessedFile]:
    """The documents under the item in exactly this area, as far as the user reaches. Four statements."""
    need = need_of_item(user, code, area_key)
    links = links_of_need(need) if need else []
    newest = versions_now(links)
    versions = {link.pk: link.accepted or newest[link.evidence_id] for link in links}
    seals = _seals(links, versions)
    return [_file(link, versions[link.pk], seals.get(link.evidence_id, {})) for link in links]


def file_counts(user: Any, area_key: str) -> dict[str, int]:
    """Item → number of documents under it in exactly this area. One statement."""
    rows = needs_for(user).filter(**columns_of_key(area_key), links__isnull=False).order_by()
    return {each["item_code"]: each["files"] for each in rows.values("item_code").annotate(files=Count("links"))}


def _seals(links: list[EvidenceLink], versions: dict[int, EvidenceVersion]) -> dict[int, dict[str, UUID]]:
    """Document → hash → the first entry about it that names the hash."""
    subjects = {f"campaign.evidence:{link.evidence_id}": link.evidence_id for link in links}
    wanted = {each.stored.sha256 for each in versions.values()}
    found: dict[int, dict[str, UUID]] = {}
    for entry in Entry.objects.filter(subject__in=list(subjects)).order_by("id"):
        if entry.data.get("sha256") in wanted:
            found.setdefault(subjects[entry.subject], {}).setdefault(entry.data["sha256"], entry.uid)
    return found


def _file(link: EvidenceLink, version: EvidenceVersion, seals: dict[str, UUID]) -> AssessedFile:
    evidence, digest = link.evidence, version.stored.sha256
    return AssessedFile(
        evidence.pk, evidence.title, evidence.doc_no, evidence.unit.name, link.state, version.number, digest,
        seals.get(digest),
    )  # fmt: skip
