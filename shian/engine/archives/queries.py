"""Reads of export sets."""

from typing import Any

from shian.engine.archives.models import ArchiveSet
from shian.engine.archives.sets import set_kind
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.states import Text


def sets_of(user: Any) -> ScopedQuerySet[ArchiveSet]:
    """Sets of areas in the user's reach, newest first."""
    found: ScopedQuerySet[ArchiveSet] = ArchiveSet.objects.visible_to(user)
    return found.order_by("-id")


def kind_title(found: ArchiveSet) -> Text:
    """What the set is called; its key when nobody registers the kind any more."""
    try:
        return set_kind(found.kind).title
    except LookupError:
        return found.kind


def file_name(found: ArchiveSet) -> str:
    """The name under which it is downloaded, without ending; also its folder inside the zip."""
    return f"{found.kind}-{code_of_key(found.area_key)}-{found.as_of.isoformat()}"
