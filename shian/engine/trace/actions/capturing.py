"""A document of events is sent, waits, and is taken: as a whole, or what is good of it."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from shian.engine.trace.actions.merging import Good, merge, standing
from shian.engine.trace.documents import BLOB, MOST, Document, packed, unpacked
from shian.engine.trace.models import Capture, CaptureBlob, CaptureState
from shian.engine.trace.permissions import TRACE_CAPTURE
from shian.engine.trace.rules.event_hash import prefixes_of
from shian.engine.trace.rules.events import Refused, normal
from shian.engine.trace.rules.faults import Fault
from shian.kernel.accounts.permissions import check
from shian.kernel.imports.collecting import uncollected
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key

JOB = "trace.take"
TOLD = 1_000  # faults of a document that are kept


class TooMany(ValueError):
    """A document has more events than one may have."""


@transaction.atomic
def send_document(*, document: Document, digest: str, keeps_good: bool, by: Any, at: datetime) -> Capture:
    """Keep a document and enqueue its capture. `digest`: SHA-256 of what was sent, as hex.

    `keeps_good`: take what is good of it even if some is not (GS1-Capture-Error-Behaviour: proceed).
    Raises PermissionDenied, TooMany.
    """
    check(TRACE_CAPTURE, by)
    if len(document.events) > MOST:
        raise TooMany(len(document.events))
    keys = reach_of(by).keys
    capture = Capture.objects.create(
        keeps_good=keeps_good,
        header={**document.header, "path": document.path},
        digest=digest,
        sent=len(document.events),
        by=by.get_username(),
        created_at=at,
        **columns_of_key(keys[0] if keys else ""),
    )
    CaptureBlob.objects.bulk_create(
        CaptureBlob(capture=capture.pk, number=number, content=content)
        for number, content in enumerate(packed(document.events))
    )
    data = {"events": capture.sent, "document": f"sha256:{digest}", "keeps_good": keeps_good}
    seal(action="trace.sent", by=capture.by, subject=f"trace.capture:{capture.uid}", data=data, at=at)
    defer(JOB, lock=f"trace-capture-{capture.pk}", number=capture.pk)
    return capture


@transaction.atomic
def take_capture(*, number: int, at: datetime) -> Capture:
    """Take a document that waits into the graph, all of it or nothing; of one that was taken already nothing again."""
    capture = Capture.objects.select_for_update().get(pk=number)
    if capture.state != CaptureState.WAITING:
        return capture
    with uncollected():
        faults = _take(capture, at)
    data = {"state": str(capture.state), "taken": capture.taken, "known": capture.known, "faults": len(faults)}
    seal(action="trace.taken", by="worker", subject=f"trace.capture:{capture.uid}", data=data, at=at)
    return capture


def _take(capture: Capture, at: datetime) -> list[Fault]:
    faults, good = _read(capture, at)
    known = standing(good)
    good, same, taken = _sorted(good, known, capture.header["path"])
    faults += taken
    capture.known, capture.finished_at = same, at
    capture.faults = [_told(fault) for fault in faults[:TOLD]]
    if faults and not capture.keeps_good:
        capture.state = CaptureState.FAILED
        CaptureBlob.objects.filter(capture=capture.pk).delete()
    else:
        capture.state, capture.taken = CaptureState.DONE, len(good)
        merge(good, known, capture=capture, at=at)
    capture.save(update_fields=["state", "taken", "known", "faults", "finished_at"])
    return faults


def _read(capture: Capture, at: datetime) -> tuple[list[Fault], list[Good]]:
    prefixes = prefixes_of(capture.header.get("@context", ()))
    faults: list[Fault] = []
    good: list[Good] = []
    for blob, place, event in _events(capture):
        try:
            read = normal(event, prefixes, at)
        except Refused as refused:
            path = f"{capture.header['path']}/{blob * BLOB + place}"
            faults += [each.below(path) for each in refused.faults]
        else:
            good.append(Good(read, blob, place))
    return faults, good


def _events(capture: Capture) -> Iterator[tuple[int, int, Any]]:
    blobs = CaptureBlob.objects.filter(capture=capture.pk).order_by("number").values_list("number", "content")
    for number, content in blobs.iterator():
        for place, event in enumerate(unpacked(bytes(content))):
            yield number, place, event


def _sorted(good: Sequence[Good], known: set[str], path: str) -> tuple[list[Good], int, list[Fault]]:
    """What is new; how many are known already, here or in the document; and names that other events bear."""
    seen, new, faults, same = set(known), list[Good](), list[Fault](), 0
    for each in good:
        if each.content_key in seen:
            same += 1
        elif each.name_key in seen:
            reason = "id_taken" if each.name_key in known else "same_id"
            faults.append(Fault(f"{path}/{each.number}/eventID", reason))
        else:
            seen |= {each.content_key, each.name_key}
            new.append(each)
    return new, same, faults


def _told(fault: Fault) -> dict[str, Any]:
    return {"path": fault.path, "reason": fault.reason, "more": dict(fault.more)}


def digest_of_body(body: bytes) -> str:
    """SHA-256 of what was sent."""
    return hashlib.sha256(body).hexdigest()
