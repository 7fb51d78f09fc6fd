"""The messages of OpenRosa 1.0: lists of forms and files, answers to submissions, and the submission itself. Pure.

docs.getodk.org/openrosa: form list, manifest (with entity lists as ODK Central marks them), submission with its
attachments, metadata. A submission is read along the definition of its form: groups opened, repeats as lists.
"""

import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shian.engine.forms.definition import Definition, Question
from shian.engine.forms.xform import EARNED, SCORE, WHOLE

LIST_SPACE = "http://openrosa.org/xforms/xformsList"
MANIFEST_SPACE = "http://openrosa.org/xforms/xformsManifest"
ANSWER_SPACE = "http://openrosa.org/http/response"
MOST_XML = 1 << 20  # bytes
DEEPEST = 40
INSTANCE = re.compile(r"[A-Za-z0-9:_.-]{1,80}")
TOTALS = {EARNED: "earned", WHOLE: "whole", SCORE: "score"}
OWN = "shian_"


class NotASubmission(ValueError):
    """The body is no submission; the text is a word of ours, for the log."""


@dataclass(frozen=True)
class Envelope:
    """What a submission says of itself before its form is known."""

    root: ET.Element
    form: str
    version: str
    instance_id: str


@dataclass(frozen=True)
class Listed:
    """A form in the list."""

    key: str
    title: str
    version: str
    hash: str
    url: str
    manifest_url: str = ""


@dataclass(frozen=True)
class Medium:
    """A file of a form. is_entities: a list of entities, which a phone keeps and queries."""

    name: str
    hash: str
    url: str
    is_entities: bool = False


def hash_of(content: bytes) -> str:
    """By which a phone tells whether it has this content: MD5, as the protocol has it; no secret rests on it."""
    return "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()


def form_list(forms: Iterable[Listed]) -> bytes:
    """The document of /formList."""
    root = ET.Element("xforms", xmlns=LIST_SPACE)
    for form in forms:
        told = {"formID": form.key, "name": form.title, "version": form.version, "hash": form.hash,
                "downloadUrl": form.url, "manifestUrl": form.manifest_url}  # fmt: skip
        _filled(ET.SubElement(root, "xform"), told)
    return _document(root)


def manifest(media: Iterable[Medium]) -> bytes:
    """The document behind manifestUrl."""
    root = ET.Element("manifest", xmlns=MANIFEST_SPACE)
    for medium in media:
        kind = {"type": "entityList"} if medium.is_entities else {}
        told = {"filename": medium.name, "hash": medium.hash, "downloadUrl": medium.url}
        _filled(ET.SubElement(root, "mediaFile", kind), told)
    return _document(root)


def answer(message: str, *, is_success: bool) -> bytes:
    """The answer to a submission: phones show the message."""
    root = ET.Element("OpenRosaResponse", xmlns=ANSWER_SPACE)
    told = ET.SubElement(root, "message", nature="submit_success" if is_success else "submit_failure")
    told.text = message
    return _document(root)


def _filled(parent: ET.Element, told: Mapping[str, str]) -> None:
    for name, text in told.items():
        if text:
            ET.SubElement(parent, name).text = text


def _document(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def read_envelope(body: bytes) -> Envelope:
    """The form, version and id of a submission. Raises NotASubmission, also for a document type: it could pull in files
    or grow without end."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotASubmission("not UTF-8") from None
    if len(body) > MOST_XML or "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotASubmission("too large, or with a document type")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no document type, so no entity to expand
    except (ET.ParseError, ValueError) as error:
        raise NotASubmission(f"no XML: {error}") from None
    if _is_deeper(root, DEEPEST) or root.get("encrypted"):
        raise NotASubmission("too deep, or encrypted")
    ids = [each.text or "" for each in root.iter() if each.tag.endswith("instanceID") and _local(each) == "instanceID"]
    form = root.get("id") or ""
    if len(ids) != 1 or not INSTANCE.fullmatch(ids[0]) or not form:
        raise NotASubmission("no form id, or no single instance id")
    return Envelope(root, form, root.get("version") or "", ids[0])


def _is_deeper(root: ET.Element, most: int) -> bool:
    level = [root]
    for _depth in range(most + 1):
        level = [child for node in level for child in node]
    return bool(level)


def _local(node: ET.Element) -> str:
    return str(node.tag).rpartition("}")[2]


def answers_of(form: Definition, root: ET.Element) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers by name, and the totals that the phone counted (earned, whole, score)."""
    totals = {TOTALS[name]: each.text or "" for each in root if (name := _local(each)) in TOTALS}
    return _level(form.questions, root), totals


def _level(questions: Sequence[Question], node: ET.Element) -> dict[str, Any]:
    known = {each.name: each for each in questions}
    found: dict[str, Any] = {}
    for child in node:
        name = _local(child)
        question = known.get(name)
        if name == "meta" or name.startswith(OWN) or (question is not None and question.type == "note"):
            continue
        if question is not None and question.type == "group":
            found |= _level(question.children, child)
        elif question is not None and question.type == "repeat":
            found.setdefault(name, []).append(_level(question.children, child))
        elif (child.text or "").strip() or len(child):
            found[name] = (child.text or "").strip()
    return found
