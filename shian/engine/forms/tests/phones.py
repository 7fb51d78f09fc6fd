"""ODK Collect over a socket: what it asks of a server that runs, in the order in which it asks."""

import http.client
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shian.engine.forms.tests.collect import message_of, written


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def told(self) -> tuple[str, str]:
        """Nature and text of the answer to a submission."""
        return message_of(self.content)


@dataclass
class Phone:
    """One phone with a server address (http://host:port/forms/key/…): one connection that is kept, no session, no
    cookies. `headers` go with every request (Authorization, X-Forwarded-Proto of a proxy)."""

    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 20
    connection: http.client.HTTPConnection | None = None

    def asked(self, method: str, url: str, body: bytes = b"", **headers: str) -> Answer:
        """One request; the connection is made anew after an error, which is the caller's."""
        parts = urlsplit(url)
        if self.connection is None:
            self.connection = http.client.HTTPConnection(parts.netloc, timeout=self.timeout)
        told = {"X-OpenRosa-Version": "1.0", "User-Agent": "org.odk.collect.android/v2026.1", **self.headers, **headers}
        try:
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            self.connection.request(method, target, body or None, told)
            found = self.connection.getresponse()
            return Answer(found.status, {name.lower(): text for name, text in found.getheaders()}, found.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def rows(self, url: str, tag: str) -> list[dict[str, str]]:
        """A list of forms or files: what is said of each."""
        answer = self.asked("GET", url)
        assert answer.status == 200, answer.content.decode()
        rows = [each for each in ET.fromstring(answer.content) if each.tag.endswith(tag)]
        return [{node.tag.rpartition("}")[2]: node.text or "" for node in row} for row in rows]

    def forms(self) -> dict[str, dict[str, str]]:
        return {row["formID"]: row for row in self.rows(f"{self.address}/formList", "xform")}

    def filled(self, xform: bytes, answers: dict[str, str], instance: str = "") -> bytes:
        """The form's own instance with these answers."""
        return written(xform, answers, instance or f"uuid:{uuid.uuid4()}")

    def send(self, body: bytes, files: Mapping[str, bytes] | None = None, *, more: bool = False) -> Answer:
        """HEAD, then one POST to where it says; `more`: further posts follow."""
        head = self.asked("HEAD", f"{self.address}/submission")
        assert head.status == 204, head.status
        return self.posted(head.headers["location"], body, files or {}, more=more)

    def posted(self, url: str, body: bytes, files: Mapping[str, bytes], *, more: bool = False) -> Answer:
        """The POST alone."""
        content, kind = multipart(body, files, more=more)
        date = "Sun, 22 Nov 2026 03:00:00 GMT"
        return self.asked("POST", f"{url}?deviceID=collect:x", content, **{"Content-Type": kind, "Date": date})


def multipart(body: bytes, files: Mapping[str, bytes], *, more: bool = False) -> tuple[bytes, str]:
    """A submission as Collect packs it, and its media type."""
    mark = uuid.uuid4().hex
    parts = [("xml_submission_file", "a.xml", "text/xml", body)]
    parts += [(name, name, "image/jpeg", content) for name, content in files.items()]
    packed = b"".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        f"Content-Type: {kind}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, file, kind, content in parts
    )
    if more:
        packed += f'--{mark}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n'.encode()
    return packed + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
