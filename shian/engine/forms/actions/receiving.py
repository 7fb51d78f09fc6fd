"""Receiving what was filled in: once per instance id, whole or in parts, checked and counted again, sealed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shian.engine.forms.answers import Checked, check_answers
from shian.engine.forms.datasets import area_of_entity
from shian.engine.forms.definition import Definition
from shian.engine.forms.events import SubmissionCompleted
from shian.engine.forms.models import FormSubmission, FormVersion, Phone, Source, SubmissionFile
from shian.engine.forms.openrosa import NotASubmission, answers_of, read_envelope
from shian.engine.forms.page_posts import Circumstances
from shian.engine.forms.permissions import FORM_FILL, SUBMISSION_RELEASE
from shian.engine.forms.scoring import TotalDiffers, check_totals, score
from shian.kernel.accounts.permissions import check
from shian.kernel.events.bus import publish
from shian.kernel.files.actions import store_file
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.walls import system_scope

KINDS = {"jpg", "png", "pdf"}
LOCK = 0x464F524D  # before the id of a submission, which is locked while it is received
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
        found = _record(version, envelope.instance_id, digest, answers, totals, sent, original=body.decode("utf-8-sig"))
    return _with_files(found, sent)


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
        found = _record(version, instance_id, digest, answers, totals, sent, original="")
    return _with_files(found, sent)


def _known(instance_id: str, digest: str, by: Any) -> FormSubmission | None:
    """The submission of this id, None when there is none. Other content or another sender is refused. Until the end of
    the transaction no other post of this id comes as far as this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [instance_id, LOCK])
    with system_scope():  # also one that this sender may not see has taken the id
        number = FormSubmission.objects.filter(instance_id=instance_id).values_list("pk", flat=True).first()
        if number is None:
            return None
        found = FormSubmission.objects.select_related("version__form").get(pk=number)
    if found.digest != digest or found.user_id != by.pk:
        raise SubmissionRefused(_("编号为“%(id)s”的填报已经收到，内容与这一份不同。") % {"id": instance_id}, 409)
    return found


def _record(
    version: FormVersion, instance_id: str, digest: str, answers: Mapping[str, Any], totals: Mapping[str, str],
    sent: Sent, *, original: str,
) -> FormSubmission:  # fmt: skip
    definition = version.definition
    checked = check_answers(definition, answers, sent.at.astimezone())
    if checked.faults:
        raise SubmissionRefused("\n".join(map(str, checked.faults[:20])))
    entities, area = _entities(definition, checked, sent.by)
    told = {
        "version": version, "source": Source.ODK if original else Source.PAGE, "user": sent.by, "phone": sent.phone,
        "device": sent.device[:120], "digest": digest, "original": original, "answers": dict(checked.values),
        "entities": entities, "files": list(checked.files), "sent_at": sent.sent_at, "received_at": sent.at,
        "completed_at": None if checked.files else sent.at,
        "released_at": None if definition.is_withheld else sent.at, **columns_of_key(area),
        "assignment": sent.circumstances.assignment, "clock": sent.circumstances.clock,
        "photos": {name: told for name, told in sent.circumstances.photos.items() if name in checked.files},
        **_scored(definition, checked, totals), **_circumstances(definition, checked, sent.circumstances),
    }  # fmt: skip
    found = FormSubmission.objects.create(instance_id=instance_id, **told)
    data = {
        "form": version.form.key, "version": version.name, "instance": instance_id, "digest": digest,
        "percent": "" if found.percent is None else str(found.percent), "verdict": found.verdict,
    }  # fmt: skip
    _seal(found, "forms.received", data, sent)
    if found.completed_at:
        _complete(found, sent)
    return found


def _complete(submission: FormSubmission, sent: Sent) -> None:
    told = submission.assignment, next(iter(submission.entities.values()), "")
    publish(SubmissionCompleted(submission.pk, submission.version.form.key, sent.by.pk, sent.at, *told))


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
    own = sorted(reach_of(by).keys)
    return {name: key for name, (_list, key) in chosen.items()}, (areas or own or [""])[0]


def _circumstances(definition: Definition, checked: Checked, told: Circumstances) -> dict[str, Any]:
    """When by the device's clock, and where: as the form's own questions say, else as the page told."""
    found: dict[str, Any] = {}
    for each in definition.walk():
        value = checked.values.get(each.name)
        if value is None:
            continue
        if each.type in {"start", "end"}:
            found.setdefault("started_at" if each.type == "start" else "ended_at", datetime.fromisoformat(value))
        elif each.type == "geopoint" and "lat" not in found:
            found |= {"lat": value["lat"], "lon": value["lon"], "accuracy": value.get("accuracy")}
    return {"started_at": told.started_at, "ended_at": told.ended_at, **told.place, **found}


def _with_files(submission: FormSubmission, sent: Sent) -> FormSubmission:
    """Keep the files that are not here yet; note when the last one has come."""
    if not sent.files and not submission.files:
        return submission
    here = dict(submission.attachments.values_list("name", "stored__sha256"))
    taken = {}
    for name, stream in sent.files.items():
        if name not in submission.files:
            raise SubmissionRefused(_("答案里没有提到文件“%(name)s”。") % {"name": name})
        stored = store_file(name=name, stream=stream, kinds=KINDS, by=sent.by.get_username(), at=sent.at)
        if submission.photos.get(name, {}).get("sha256", stored.sha256) != stored.sha256:
            raise SubmissionRefused(_("文件“%(name)s”的内容与拍摄时登记的校验值不符。") % {"name": name})
        if here.get(name, stored.sha256) != stored.sha256:
            raise SubmissionRefused(_("文件“%(name)s”已经收到，内容与这一份不同。") % {"name": name}, 409)
        if name not in here:
            taken[name] = stored
    if taken:
        SubmissionFile.objects.bulk_create(
            SubmissionFile(submission=submission, name=name, stored=stored, received_at=sent.at)
            for name, stored in taken.items()
        )
        digests = {name: stored.sha256 for name, stored in taken.items()}
        _seal(submission, "forms.files_received", {"files": digests}, sent)
    if submission.completed_at is None and set(submission.files) <= {*here, *taken}:
        submission.completed_at = sent.at
        submission.save(update_fields=["completed_at"])
        _complete(submission, sent)
    return submission


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
        _seal(found, "forms.released", {}, Sent(by, at))
    return found


def _seal(submission: FormSubmission, action: str, data: dict[str, Any], sent: Sent) -> None:
    seal(
        action=action, by=sent.by.get_username(), subject=f"forms.formsubmission:{submission.pk}", data=data, at=sent.at
    )
