"""What axes asks: where a request comes from, and what a locked-out visitor is told."""

from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shian.kernel.accounts.policy import lock_duration
from shian.kernel.accounts.queries import locked_until


def client_ip(request: HttpRequest) -> str:
    """The client's address as allauth sees it, behind the proxies that settings name.

    Raises SuspiciousOperation, a 400, for a request that did not come through all of them.
    """
    try:
        return get_client_ip(request) or ""
    except ImproperlyConfigured as error:
        raise SuspiciousOperation(str(error)) from error


def locked_answer(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """429 with the minutes that are left; the same for a name that no account has."""
    now = timezone.now()
    until = locked_until(str((credentials or {}).get("username") or ""), now) or now + lock_duration()
    seconds = max(1, int((until - now).total_seconds()))
    told = {"minutes": -(-seconds // 60), "until": until}
    answer = render(request, "accounts/account_locked.html", told, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
