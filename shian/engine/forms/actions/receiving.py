"""Receiving what was filled in: once per instance id, whole or in parts, checked and counted again, sealed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.forms.answers import Checked, check_answers
from shian.engine.forms.datasets import area_of_entity
from shian.engine.forms.definition import Definition
from shian.engine.forms.events import SubmissionCompleted
from shian.engine.forms.models import FormSubmission, FormVersion, Phone, Source
from shian.engine.forms.openrosa import NotASubmission, answers_of, read_envelope
from shian.engine.forms.page_posts import Circumstances
from shian.engine.forms.permissions import FORM_FILL, SUBMISSION_RELEASE
from shian.engine.forms.scoring import TotalDiffers, check_totals, score
from shian.kernel.accounts.permissions import check
from shian.kernel.events.bus import publish
from shian.kernel.files.actions import store_files
from shian.kernel.files.models import StoredFile
from shian.kernel.notary.actions import Deed, seal, seal_several
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.walls import system_scope

KINDS = {"jpg", "png", "pdf"}
LOCK = 0x464F524D  # before the id of a submission, which is locked while it is received
KEEP_FILES = """
INSERT INTO forms_submissionfile (submission_id, received_at, name, stored_id)
SELECT %s, %s, x.name, x.stored FROM unnest(%s::text[], %s::bigint[]) x (name, stored)
"""
TOTALS = {"earned": "得分", "whole": "应得分", "score": "百分制得分"}


class SubmissionRefused(ValueError):
    """It is not taken; the text says why, for the phone's user. `status` is the protocol's."""

    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Sent:
    """How it came: by which phone and device, and what the device's clock said."""

    by: Any
    at: datetime
    phone: Phone | None = None
    device: str = ""
    sent_at: datetime | None = None
    files: Mapping[str, BinaryIO] = field(default_factory=dict)
    circumstances: Circumstances = field(default_factory=Circumstances)


@transaction.atomic
def receive_xml(*, body: bytes, sent: Sent) -> FormSubmission:
    """A submission of ODK's, or more files of one that is here. The same post twice has one effect.

    Raises PermissionDenied, SubmissionRefused, FileRefused; then nothing of this post is kept.
    """
    check(FORM_FILL, sent.by)
    try:
        envelope = read_envelope(body)
    except NotASubmission as error:
        raise SubmissionRefused(_("收到的不是填报内容：%(why)s") % {"why": error}, 400) from error
    digest = hashlib.sha256(body).hexdigest()
    found = _known(envelope.instance_id, digest, sent.by)
    if found is None:
        version = FormVersion.objects.defer("content", "xform").select_related("form").filter(
            form__key=envelope.form, name=envelope.version, issued_at__isnull=False
        ).first()  # fmt: skip
        if version is None:
            told = _("没有表“%(form)s”的版本“%(version)s”。")
            raise SubmissionRefused(told % {"form": envelope.form, "version": envelope.version}, 404)
        answers, totals = answers_of(version.definition, envelope.root)
        return _received(
            version, envelope.instance_id, digest, answers, totals, sent, original=body.decode("utf-8-sig")
        )
    return _with_more(found, sent)


@transaction.atomic
def receive_answers(
    *,
    version: FormVersion,
    instance_id: str,
    digest: str,
    answers: Mapping[str, Any],
    totals: Mapping[str, str],
    sent: Sent,
) -> FormSubmission:
    """The same from a page: `digest` is the SHA-256 of the body, by which a repeated post is known. Raises likewise."""
    check(FORM_FILL, sent.by)
    if version.issued_at is None:
        raise SubmissionRefused(_("草稿不能填报。"), 404)
    found = _known(instance_id, digest, sent.by)
    if found is None:
        return _received(version, instance_id, digest, answers, totals, sent, original="")
    return _with_more(found, sent)


def _known(instance_id: str, digest: str, by: Any) -> FormSubmission | None:
    """The submission of this id, None when there is none. Other content or another sender is refused. Until the end of
    the transaction no other post of this id comes as far as this."""
    with system_scope(), connection.cursor() as cursor:  # also one that this sender may not see has taken the id
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [instance_id, LOCK])
        cursor.execute("SELECT id FROM forms_formsubmission WHERE instance_id = %s", [instance_id])
        number = cursor.fetchone()
        if number is None:
            return None
        rows = FormSubmission.objects.select_related("version__form")
        found = rows.defer("version__content", "version__xform").get(pk=number[0])
    if found.digest != digest or found.user_id != by.pk:
        raise SubmissionRefused(_("编号为“%(id)s”的填报已经收到，内容与这一份不同。") % {"id": instance_id}, 409)
    found.user = by
    return found


def _received(
    version: FormVersion, instance_id: str, digest: str, answers: Mapping[str, Any], totals: Mapping[str, str],
    sent: Sent, *, original: str,
) -> FormSubmission:  # fmt: skip
    """A new one with the files that came along: its row, theirs, the seals, and the event where nothing is missing."""
    definition = version.definition
    checked = check_answers(definition, answers, sent.at.astimezone())
    if checked.faults:
        raise SubmissionRefused("\n".join(map(str, checked.faults[:20])))
    entities, area = _entities(definition, checked, sent.by)
    told = {
        "version": version, "source": Source.ODK if original else Source.PAGE, "user": sent.by, "phone": sent.phone,
        "device": sent.device[:120], "digest": digest, "original": original, "answers": dict(checked.values),
        "entities": entities, "files": list(checked.files), "sent_at": sent.sent_at, "received_at": sent.at,
        "completed_at": sent.at if set(checked.files) <= sent.files.keys() else None,
        "released_at": None if definition.is_withheld else sent.at, **columns_of_key(area),
        "assignment": sent.circumstances.assignment, "clock": sent.circumstances.clock,
        "photos": {name: told for name, told in sent.circumstances.photos.items() if name in checked.files},
        **_scored(definition, checked, totals), **_circumstances(definition, checked, sent.circumstances),
    }  # fmt: skip
    with system_scope():  # what was checked above is the sender's own
        found = FormSubmission.objects.create(instance_id=instance_id, **told)
        data = {
            "form": version.form.key, "version": version.name, "instance": instance_id, "digest": digest,
            "percent": "" if found.percent is None else str(found.percent), "verdict": found.verdict,
        }  # fmt: skip
        files = _taken(found, {}, sent, [("forms.received", data)])
    if found.completed_at:
        _complete(found, files, sent)
    return found


def _complete(submission: FormSubmission, files: Mapping[str, StoredFile], sent: Sent) -> None:
    told = submission.assignment, next(iter(submission.entities.values()), "")
    publish(SubmissionCompleted(submission, files, submission.version.form.key, sent.at, *told))


def _scored(definition: Definition, checked: Checked, totals: Mapping[str, str]) -> dict[str, Any]:
    """The score, counted here. Raises SubmissionRefused when another total came with the answers."""
    if not definition.items:
        return {}
    found = score(definition, checked.values)
    try:
        check_totals(found, totals)
    except TotalDiffers as error:
        told = {"name": _(TOTALS[error.name]), "told": error.told, "counted": error.counted}
        raise SubmissionRefused(
            _("%(name)s与答案不符：报的是 %(told)s，按答案应为 %(counted)s，没有收下。") % told
        ) from error
    return {
        "earned": found.earned, "whole": found.whole, "percent": found.percent, "verdict": found.verdict,
        "failed_keys": list(found.failed_keys),
    }  # fmt: skip


def _entities(definition: Definition, checked: Checked, by: Any) -> tuple[dict[str, str], str]:
    """Answers to lists of entities, and the area of the first; without one, the sender's own first area.

    Raises SubmissionRefused for an entity that is not the sender's.
    """
    chosen = {
        each.name: (each.list_name, str(checked.values[each.name]))
        for each in definition.walk()
        if each.type == "select_one_from_file" and each.name in checked.values
    }
    areas = [area_of_entity(name, by, key) for name, key in chosen.values()]
    if not all(areas):
        raise SubmissionRefused(_("所选的对象不在您的名单里。"))
    area = areas[0] if areas else min(reach_of(by).keys, default="")
    return {name: key for name, (_list, key) in chosen.items()}, area


def _circumstances(definition: Definition, checked: Checked, told: Circumstances) -> dict[str, Any]:
    """When by the device's clock, and where: as the form's own questions say, else as the page told."""
    found: dict[str, Any] = {}
    for each in definition.walk():
        value = checked.values.get(each.name)
        if value is None:
            continue
        if each.type in {"start", "end"}:
            found.setdefault("started_at" if each.type == "start" else "ended_at", _moment(value))
        elif each.type == "geopoint" and "lat" not in found:
            found |= {"lat": value["lat"], "lon": value["lon"], "accuracy": value.get("accuracy")}
    return {"started_at": told.started_at, "ended_at": told.ended_at, **told.place, **found}


def _moment(told: str) -> datetime:
    """A time of the device; one without its zone is the city's."""
    found = datetime.fromisoformat(told)
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_default_timezone())


def _with_more(submission: FormSubmission, sent: Sent) -> FormSubmission:
    """Keep the files that are not here yet; note when the last one has come."""
    if not sent.files:
        return submission
    with system_scope():  # it is the sender's own, and none of these files is shown
        here = {each.name: each.stored for each in submission.attachments.select_related("stored")}
        here |= _taken(submission, here, sent, [])
        is_whole = submission.completed_at is None and set(submission.files) <= here.keys()
        if is_whole:
            submission.completed_at = sent.at
            submission.save(update_fields=["completed_at"])
    if is_whole:
        _complete(submission, here, sent)
    return submission


def _taken(
    submission: FormSubmission, here: Mapping[str, StoredFile], sent: Sent, told: list[tuple[str, dict[str, Any]]]
) -> dict[str, StoredFile]:
    """Those of the files that came along which are not here yet, kept; sealed together with what else is `told`."""
    if unknown := next((name for name in sent.files if name not in submission.files), None):
        raise SubmissionRefused(_("答案里没有提到文件“%(name)s”。") % {"name": unknown})
    name_of = sent.by.get_username()
    stored = store_files(streams=sent.files, kinds=KINDS, by=name_of, at=sent.at)
    for name, each in stored.items():
        if submission.photos.get(name, {}).get("sha256", each.sha256) != each.sha256:
            raise SubmissionRefused(_("文件“%(name)s”的内容与拍摄时登记的校验值不符。") % {"name": name})
        if name in here and here[name].sha256 != each.sha256:
            raise SubmissionRefused(_("文件“%(name)s”已经收到，内容与这一份不同。") % {"name": name}, 409)
    taken = {name: each for name, each in stored.items() if name not in here}
    if taken:
        with connection.cursor() as cursor:
            keys = [each.pk for each in taken.values()]
            cursor.execute(KEEP_FILES, [submission.pk, sent.at, list(taken), keys])
        told = [*told, ("forms.files_received", {"files": {name: each.sha256 for name, each in taken.items()}})]
    deeds = [Deed(action, _subject(submission), data) for action, data in told]
    seal_several(deeds, by=name_of, at=sent.at)
    return taken


@transaction.atomic
def release_submission(*, submission: FormSubmission, by: Any, at: datetime) -> FormSubmission:
    """Let others see it; a second time changes nothing. Raises PermissionDenied, OutOfReach."""
    check(SUBMISSION_RELEASE, by)
    found = FormSubmission.objects.select_for_update().get(pk=submission.pk)
    if not FormSubmission.objects.visible_to(by).filter(pk=found.pk).exists():
        raise OutOfReach(f"forms.formsubmission:{found.pk}")
    if found.released_at is None:
        found.released_at = at
        found.save(update_fields=["released_at"])
        seal(action="forms.released", by=by.get_username(), subject=_subject(found), data={}, at=at)
    return found


def _subject(submission: FormSubmission) -> str:
    return f"forms.formsubmission:{submission.pk}"
