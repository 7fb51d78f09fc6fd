"""Signatures drawn on a page: a picture in a data address, or a photo of one on paper."""

import base64
import binascii
from io import BytesIO
from typing import Any, BinaryIO

HEAD = "data:image/png;base64,"
MOST = 400_000  # characters: a drawn line is a few thousand


def signature_in(posted: Any, files: Any, name: str) -> BinaryIO | None:
    """The signature of that name, None where there is none. What is no picture is found when it is stored."""
    if photo := files.get(f"{name}_file"):
        return photo  # type: ignore[no-any-return]
    drawn = posted.get(name, "")
    if not drawn.startswith(HEAD) or len(drawn) > MOST:
        return None
    try:
        return BytesIO(base64.b64decode(drawn.removeprefix(HEAD), validate=True))
    except binascii.Error:
        return None
