"""What every step of a document shares: the order of states, the file, the seal."""

import io
from datetime import datetime
from typing import Any

from shian.engine.reports.models import Document, DocumentState
from shian.engine.reports.queries import file_name
from shian.engine.reports.rules import may_follow
from shian.kernel.files.actions import store_file
from shian.kernel.files.models import StoredFile
from shian.kernel.notary.actions import seal


class StateForbids(ValueError):
    """The document's state does not allow this step."""


def move(document: Document, following: DocumentState) -> None:
    """Set the state if the order allows it; a step back takes check and signature away. Raises StateForbids."""
    if not may_follow(document.state, following):
        raise StateForbids(document.state)
    document.state = following
    if following == DocumentState.DRAFT:
        document.signed_at, document.signed_by = None, ""
        document.checked_at, document.checked_by = None, ""


def stored(document: Document, content: bytes, by: str, at: datetime) -> StoredFile:
    """The docx in the content store."""
    return store_file(name=file_name(document), stream=io.BytesIO(content), kinds={"docx"}, by=by, at=at)


def seal_step(action: str, document: Document, by: str, at: datetime, more: dict[str, Any] | None = None) -> None:
    """One entry that names the document's file, template and version."""
    data = {
        "kind": document.kind,
        "area": document.area_code,
        "as_of": document.as_of.isoformat(),
        "version": document.version,
        "file": document.file.sha256,
        "template": document.template_digest,
        **(more or {}),
    }
    seal(action=action, by=by, subject=f"reports.document:{document.pk}", data=data, at=at)
