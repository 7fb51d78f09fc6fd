"""The one door by which files leave: whoever takes one is counted, says why where that is asked for, confirms who he is
before taking much or what is not masked, and stands in the list with a seal.

    door = Door.of_page(request)                                   # a program: Door(request.user, reason)
    made = make_export(..., door=door)                             # asks as soon as something is needed
    return door.let_out(made.response(), subject="a.b:c", title="…", rows=made.rows, at=now)

`middleware.py` turns what the door raises into pages and refuses every attachment that did not pass through here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.accounts.permissions import confirm_first
from shian.kernel.disclosures.actions import record_export
from shian.kernel.disclosures.forms import ReasonForm
from shian.kernel.disclosures.models import Kind
from shian.kernel.disclosures.queries import wait_before
from shian.kernel.disclosures.rules import needs_confirmation, needs_reason
from shian.kernel.files.models import StoredFile
from shian.kernel.files.queries import download
from shian.kernel.ui.languages import language_of_record

Answer = TypeVar("Answer", bound=HttpResponseBase)
LISTED, WAITING = "is_listed", "reason_waiting"


class ReasonNeeded(Exception):
    """The file is large or holds personal data, and nobody said why."""


class TooOften(Exception):
    """So many in so short a time is no work by hand; free again in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Door:
    """Who takes a file out, and why. `request` is a page's: a program, which has its token, cannot confirm anything."""

    user: Any
    reason: str = ""
    request: HttpRequest | None = None

    @classmethod
    def of_page(cls, request: HttpRequest) -> Self:
        """The door of a page. Only a POST of our own form can state a reason; what it stated waits in the session while
        the user confirms, and serves once, for the same address."""
        address, kept = request.session.pop(WAITING, ("", ""))
        form = ReasonForm(request.POST) if request.method == "POST" else None
        if form is None:
            reason = kept if address == request.get_full_path() else ""
        else:
            reason = str(form.cleaned_data["reason"]) if form.is_valid() else ""
        return cls(request.user, reason, request)

    def check(
        self, rows: int, personal: Sequence[str] = (), *, is_masked: bool = True, kind: Kind = Kind.EXPORT
    ) -> None:
        """May a file of so many rows with these kinds of personal data leave now?

        Raises TooOften, ReasonNeeded and allauth's ReauthenticationRequired.
        """
        if seconds := wait_before(kind, self.user, timezone.now()):
            raise TooOften(seconds)
        if self.request is not None and needs_confirmation(rows, personal, is_masked=is_masked):
            self._confirm(self.request)
        if needs_reason(rows, personal) and not self.reason:
            raise ReasonNeeded

    def _confirm(self, request: HttpRequest) -> None:
        if self.reason:
            request.session[WAITING] = (request.get_full_path(), self.reason)
        confirm_first(request)
        request.session.pop(WAITING, None)

    def let_out(
        self,
        answer: Answer,
        *,
        subject: str,
        title: str,
        at: datetime,
        rows: int = 1,
        personal: Sequence[str] = (),
        is_masked: bool = True,
        facts: Mapping[str, str] | None = None,
        kind: Kind = Kind.EXPORT,
    ) -> Answer:
        """The answer, sealed and listed as taken. Raises as `check`, which need not be called before."""
        self.check(rows, personal, is_masked=is_masked, kind=kind)
        record_export(
            kind=kind,
            subject=subject,
            title=title,
            rows=rows,
            personal=personal,
            is_masked=is_masked,
            facts=facts or {},
            reason=self.reason,
            by=self.user,
            at=at,
        )
        return _marked(answer)

    def let_out_stored(self, stored: StoredFile, name: str, **told: Any) -> FileResponse:
        """A file of the store under a name; `told` as for `let_out`. Raises Http404 for content that is no more."""
        with language_of_record():
            facts = {_("文件"): name, _("校验值（SHA-256）"): stored.sha256}
        answer = download(stored, name)
        try:
            return self.let_out(answer, facts=facts, **told)
        except Exception:
            if answer.file_to_stream:
                answer.file_to_stream.close()
            raise


def without_data(answer: Answer) -> Answer:
    """Let a file out that tells of nobody and nothing: an empty template, the picture of a public code."""
    return _marked(answer)


def is_listed(answer: HttpResponseBase) -> bool:
    """Did the answer pass through the door?"""
    return getattr(answer, LISTED, False)


def _marked(answer: Answer) -> Answer:
    setattr(answer, LISTED, True)
    return answer
