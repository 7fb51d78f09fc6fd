"""Reading stored files back. Who may read a file is decided by the record that uses it."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import FileResponse

from shian.kernel.files.models import StoredFile
from shian.kernel.files.rules import MEDIA_TYPES


def path_of(sha256: str) -> Path:
    """Where the content of this hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def open_file(stored: StoredFile) -> BinaryIO:
    """The content, opened for reading."""
    return path_of(stored.sha256).open("rb")


def download(stored: StoredFile, name: str) -> FileResponse:
    """A download under `name`, never shown inline."""
    kind = MEDIA_TYPES.get(stored.kind, "application/octet-stream")
    return FileResponse(open_file(stored), as_attachment=True, filename=name, content_type=kind)
