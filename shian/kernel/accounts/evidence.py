"""Seals what the libraries do to accounts: allauth adds and removes second factors, axes locks, Django signs out.

Their signals come inside the transaction of the deed, so seal and deed stand or fall together.
"""

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_used
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from shian.kernel.accounts.actions import note_event
from shian.kernel.accounts.policy import policy_for


def connect() -> None:
    """Begin to listen; called once when the app is ready."""
    post_save.connect(_factor_saved, sender=Authenticator, dispatch_uid="accounts.factor_saved")
    post_delete.connect(_factor_deleted, sender=Authenticator, dispatch_uid="accounts.factor_deleted")
    authenticator_used.connect(_factor_used, dispatch_uid="accounts.factor_used")
    authentication_failed.connect(_factor_failed, dispatch_uid="accounts.factor_failed")
    user_locked_out.connect(_locked, dispatch_uid="accounts.locked")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.signed_out")


def _factor_saved(instance: Authenticator, created: bool, **kwargs: Any) -> None:
    if created:
        _note(instance, "factor_added")


def _factor_deleted(instance: Authenticator, **kwargs: Any) -> None:
    _note(instance, "factor_removed")
    session = getattr(context.request, "session", None)
    if session is not None:
        session.pop("has_second_factor", None)


def _factor_used(authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _note(authenticator, "recovery_code_used")


def _factor_failed(authenticator: Authenticator, **kwargs: Any) -> None:
    _note(authenticator, "factor_refused")


def _locked(request: Any, username: str | None, ip_address: str | None, **kwargs: Any) -> None:
    """Once per lock: attempts during a lock are refused without being counted."""
    if username and request.axes_failures_since_start == policy_for().lock_failures:
        data = {"ip": ip_address or "", "failures": request.axes_failures_since_start}
        note_event(username=username[:150], action="user_locked", by="", at=timezone.now(), data=data)


def _signed_out(user: Any, **kwargs: Any) -> None:
    if user is not None:
        note_event(username=user.username, action="signed_out", by=user.username, at=timezone.now(), data={})


def _note(factor: Authenticator, action: str) -> None:
    owner = factor.user.username
    signed_in = getattr(context.request, "user", None)
    by = signed_in.username if signed_in is not None and signed_in.is_authenticated else owner
    note_event(username=owner, action=action, by=by, at=timezone.now(), data={"type": factor.type})
