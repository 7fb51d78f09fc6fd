"""ODK Collect in small: fetches the list and the forms, fills one in, sends it with its photos as Collect does."""

import uuid
import xml.etree.ElementTree as ET
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shian.engine.forms.openrosa import LIST_SPACE, MANIFEST_SPACE

PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


class Collect:
    """A phone with a server address; `client` keeps no session."""

    def __init__(self, address: str, **headers: str) -> None:
        self.address, self.headers, self.client = address, headers, Client(enforce_csrf_checks=True)

    def get(self, url: str) -> Any:
        return self.client.get(url, headers={"X-OpenRosa-Version": "1.0", **self.headers})

    def forms(self) -> dict[str, dict[str, str]]:
        """The form list, by form id."""
        answer = self.get(f"{self.address}/formList")
        assert answer.status_code == 200, answer.content.decode()
        assert answer.headers["X-OpenRosa-Version"] == "1.0"
        root = ET.fromstring(answer.content)
        assert root.tag == f"{{{LIST_SPACE}}}xforms"
        rows = [{each.tag.rpartition("}")[2]: each.text or "" for each in xform} for xform in root]
        return {row["formID"]: row for row in rows}

    def media(self, url: str) -> list[tuple[str | None, dict[str, str]]]:
        """A manifest: the type of each file, and what is said of it."""
        root = ET.fromstring(self.get(url).content)
        assert root.tag == f"{{{MANIFEST_SPACE}}}manifest"
        return [(file.get("type"), {each.tag.rpartition("}")[2]: each.text or "" for each in file}) for file in root]

    def filled(self, xform: bytes, answers: dict[str, str], instance: str = "") -> bytes:
        """The form's own instance with answers in it, as Collect writes it."""
        return written(xform, answers, instance or f"uuid:{uuid.uuid4()}")

    def send(self, body: bytes, files: dict[str, bytes] | None = None, *, more: bool = False) -> Any:
        """HEAD, then one multipart POST; `more`: it says that further posts follow."""
        url = f"{self.address}/submission"
        head = self.client.head(url, headers={"X-OpenRosa-Version": "1.0", **self.headers})
        assert head.status_code == 204
        assert int(head.headers["X-OpenRosa-Accept-Content-Length"]) > 1 << 20
        parts: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("a.xml", body, "text/xml")}
        parts |= {name: SimpleUploadedFile(name, content, "image/jpeg") for name, content in (files or {}).items()}
        parts |= {"*isIncomplete*": "yes"} if more else {}
        headers = {"X-OpenRosa-Version": "1.0", "Date": "Sun, 22 Nov 2026 03:00:00 GMT", **self.headers}
        return self.client.post(f"{head.headers['Location']}?deviceID=collect:x", parts, headers=headers)


def photo(mark: int = 0) -> bytes:
    """A small JPEG; another mark makes another file."""
    return PICTURE[:-2] + b"\xff\xfe\x00\x04" + mark.to_bytes(2, "big") + PICTURE[-2:]


def sized_photo(size: int, mark: int) -> bytes:
    """A JPEG of about so many bytes that nothing packs smaller; another mark makes another file."""
    noise = Random(mark).randbytes(min(size, 60_000))
    segment = b"\xff\xfe" + (len(noise) + 2).to_bytes(2, "big") + noise
    return PICTURE[:-2] + segment * max(1, size // len(segment)) + PICTURE[-2:]


def written(xform: bytes, answers: dict[str, str], instance: str) -> bytes:
    """The instance of an XForm with answers in it."""
    root = ET.fromstring(xform)
    (data,) = next(each for each in root.iter("{http://www.w3.org/2002/xforms}instance") if not each.get("id"))
    for node in data.iter():
        name = node.tag.rpartition("}")[2]
        node.tag = name
        node.text = instance if name == "instanceID" else answers.get(name)
    return ET.tostring(data, encoding="utf-8", xml_declaration=True)


def message(answer: Any) -> tuple[int, str, str]:
    """Status, nature and text of the answer to a submission."""
    return answer.status_code, *message_of(answer.content)


def message_of(content: bytes) -> tuple[str, str]:
    """Nature and text in the document that answers a submission."""
    told = ET.fromstring(content)[0]
    return str(told.get("nature")), told.text or ""
