"""Records whose full values can be asked for. The app that owns a record says how it is loaded for a user.

register_personal("person", full_person)       # apps.py, in ready(); full_person(user, key) -> FullRecord, or Http404
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from shian.kernel.ui.pieces import Fact
from shian.kernel.ui.states import Text


@dataclass(frozen=True)
class FullRecord:
    """Full values of one record: `facts` are declared personal and revealed; `url` leads back to its page."""

    subject: str
    title: Text
    facts: Sequence[Fact]
    url: str = ""


Loader = Callable[[Any, str], FullRecord]
_loaders: dict[str, Loader] = {}


def register_personal(kind: str, loader: Loader) -> None:
    """Offer the full values of records of this kind; the loader answers for the user's reach."""
    _loaders[kind] = loader


def full_record(kind: str, user: Any, key: str) -> FullRecord:
    """The record with its full values. Raises Http404 for an unknown kind and a row beyond the user's reach."""
    if kind not in _loaders:
        raise Http404(kind)
    return _loaders[kind](user, key)
