"""Editions of a form: a draft comes from a workbook or a pack, is issued from a day on, and may be withdrawn."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from shian.engine.forms.checking import check_sheets
from shian.engine.forms.definition import Definition
from shian.engine.forms.faults import Fault, FormRefused
from shian.engine.forms.models import Form, FormVersion
from shian.engine.forms.packs import packed_forms
from shian.engine.forms.permissions import FORM_WRITE
from shian.engine.forms.sheets import read_workbook
from shian.engine.forms.xform import xform_of
from shian.kernel.accounts.permissions import check
from shian.kernel.files.actions import store_file
from shian.kernel.files.models import StoredFile
from shian.kernel.notary.actions import seal


class VersionRefused(ValueError):
    """The step does not fit the version's state; the text says why, for the user."""


@transaction.atomic
def upload_form(*, name: str, stream: BinaryIO, by: Any, at: datetime) -> FormVersion:
    """A draft of the form in an XLSForm workbook; it takes the place of the form's former draft.

    Raises PermissionDenied, FileRefused, SheetsUnreadable, FormRefused, VersionRefused when nothing differs from the
    last issued version.
    """
    check(FORM_WRITE, by)
    stored = store_file(name=name, stream=stream, kinds={"xlsx"}, by=by.get_username(), at=at)
    stream.seek(0)
    return _draft(check_sheets(read_workbook(stream)), stored, by.get_username(), at)


@transaction.atomic
def load_packed_forms(*, by: str, at: datetime) -> list[FormVersion]:
    """Issue what the packs hold, for the system; a form that has an edition already keeps what it has.

    Raises ImproperlyConfigured for a pack that is wrong.
    """
    taken = set(Form.objects.values_list("key", flat=True))
    found = []
    for definition in packed_forms():
        if definition.key not in taken:
            draft = _draft(definition, None, by, at)
            first_day = date.fromisoformat(definition.valid_from) if definition.valid_from else at.date()
            found.append(_issue(draft, first_day, by, at))
    return found


def _draft(definition: Definition, stored: StoredFile | None, by: str, at: datetime) -> FormVersion:
    form, _is_new = Form.objects.select_for_update().get_or_create(
        key=definition.key, defaults={"title": definition.title, "series": definition.series, "created_at": at}
    )
    issued = FormVersion.objects.filter(form=form, issued_at__isnull=False)
    last = issued.order_by("-pk").first()
    if last is not None and last.digest == definition.digest and last.withdrawn_at is None:
        raise VersionRefused(_("与已发布的版本“%(name)s”内容相同，没有建立草稿。") % {"name": last.name})
    FormVersion.objects.filter(form=form, issued_at__isnull=True).delete()
    definition = replace(definition, version=definition.version or _next_name(set(_names(issued)), at))
    if definition.version in _names(issued):
        told = _("版本“%(name)s”已经发布过。") % {"name": definition.version}
        raise FormRefused([Fault("settings", 2, "version", told, _("请改用新的版本号，或留空由系统编号。"))])
    version = FormVersion.objects.create(
        form=form, name=definition.version, content=definition.as_json(), digest=definition.digest,
        xform=xform_of(definition), file=stored, uploaded_at=at, uploaded_by=by,
    )  # fmt: skip
    _seal(version, "forms.uploaded", {"file": stored.sha256 if stored else ""}, by, at)
    return version


def _names(issued: Any) -> list[str]:
    return list(issued.values_list("name", flat=True))


def _next_name(taken: set[str], at: datetime) -> str:
    """The day and a running number: 2026112201. Numbers rise, as ODK asks of versions."""
    return next(name for number in range(1, 10_000) if (name := f"{at:%Y%m%d}{number:02d}") not in taken)


@transaction.atomic
def discard_draft(*, version: FormVersion, by: Any, at: datetime) -> None:
    """Throw a draft away; a form that was never issued goes with it. Raises PermissionDenied, VersionRefused."""
    check(FORM_WRITE, by)
    found = _locked(version)
    if found.issued_at is not None:
        raise VersionRefused(_("版本“%(name)s”已经发布，不能删除，只能停用。") % {"name": found.name})
    _seal(found, "forms.discarded", {}, by.get_username(), at)
    form = found.form
    found.delete()
    if not FormVersion.objects.filter(form=form).exists():
        form.delete()


@transaction.atomic
def issue_version(*, version: FormVersion, valid_from: date, by: Any, at: datetime) -> FormVersion:
    """Issue a draft from a day on; it never changes again. Raises PermissionDenied, VersionRefused."""
    check(FORM_WRITE, by)
    found = _locked(version)
    if found.issued_at is not None:
        raise VersionRefused(_("版本“%(name)s”已经发布过了。") % {"name": found.name})
    later = FormVersion.objects.filter(
        form=found.form_id, issued_at__isnull=False, withdrawn_at__isnull=True, valid_from__gt=valid_from
    ).first()
    if later is not None:
        told = {"name": later.name, "day": later.valid_from}
        raise VersionRefused(_("版本“%(name)s”从 %(day)s 起启用，新版本不能早于它。") % told)
    return _issue(found, valid_from, by.get_username(), at)


def _issue(version: FormVersion, valid_from: date, by: str, at: datetime) -> FormVersion:
    version.valid_from, version.issued_at, version.issued_by = valid_from, at, by
    version.save(update_fields=["valid_from", "issued_at", "issued_by"])
    definition = version.definition
    Form.objects.filter(pk=version.form_id).update(title=definition.title, series=definition.series)
    _seal(version, "forms.issued", {"valid_from": valid_from.isoformat()}, by, at)
    return version


@transaction.atomic
def withdraw_version(*, version: FormVersion, reason: str, by: Any, at: datetime) -> FormVersion:
    """Take an issued version out of use; answers given to it stay. Raises PermissionDenied, VersionRefused."""
    check(FORM_WRITE, by)
    found = _locked(version)
    if found.issued_at is None or found.withdrawn_at is not None:
        raise VersionRefused(_("版本“%(name)s”不在使用中。") % {"name": found.name})
    if not reason.strip():
        raise VersionRefused(_("请写明停用的理由。"))
    found.withdrawn_at, found.withdrawn_by, found.reason = at, by.get_username(), reason.strip()[:300]
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
    _seal(found, "forms.withdrawn", {"reason": found.reason}, by.get_username(), at)
    return found


def _locked(version: FormVersion) -> FormVersion:
    found: FormVersion = FormVersion.objects.select_for_update(of=("self",)).select_related("form").get(pk=version.pk)
    return found


def _seal(version: FormVersion, action: str, data: dict[str, Any], by: str, at: datetime) -> None:
    told = {"form": version.form.key, "version": version.name, "digest": version.digest, **data}
    seal(action=action, by=by, subject=f"forms.formversion:{version.pk}", data=told, at=at)
