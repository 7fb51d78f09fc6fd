"""Reading stored files back. Who may read a file is decided by the record that uses it."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import FileResponse, Http404

from shian.kernel.files.models import StoredFile
from shian.kernel.files.pictures import without_metadata
from shian.kernel.files.rules import MEDIA_TYPES, clean_name

PICTURES = frozenset({"jpg", "png"})


def path_of(sha256: str) -> Path:
    """Where the content of this hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def open_file(stored: StoredFile) -> BinaryIO:
    """The content, opened for reading."""
    return path_of(stored.sha256).open("rb")


def open_without_metadata(stored: StoredFile) -> BinaryIO:
    """The content as it may be shown and taken away: photographs without place, device and author."""
    content = open_file(stored)
    if stored.kind not in PICTURES:
        return content
    with content:
        return BytesIO(without_metadata(content.read(), stored.kind))


def is_kept(stored: StoredFile) -> bool:
    """Is the content still there? What was disposed of keeps its row and hash."""
    return path_of(stored.sha256).exists()


def download(stored: StoredFile, name: str) -> FileResponse:
    """A download under `name`, never shown inline; photographs leave without the place where they were taken.

    Raises Http404 when the content was disposed of.
    """
    if not is_kept(stored):
        raise Http404(stored.sha256)
    kind = MEDIA_TYPES.get(stored.kind, "application/octet-stream")
    answer = FileResponse(
        open_without_metadata(stored), as_attachment=True, filename=clean_name(name), content_type=kind
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
