"""A short paper that is made at once, such as a weekly notice: title, paragraphs, tables in the looks of the templates.

Its numbers come from frozen rows of whoever asks, so it binds no figures; for reports that bind them see prose.py.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import docx as word
from django.conf import settings
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from shian.engine.reports.kinds import ReportTable
from shian.engine.reports.rules import signs_in_prose
from shian.engine.reports.sheets import PAGE_WIDTH, paragraph_xml, table_xml

LOOKS = Path("templates") / "self_assessment.docx"  # whose styles every paper has; its text is taken out
TITLE, BENEATH, BODY, HEADING, CAPTION, NOTE, AFTER, SIGNED = (
    "标题", "题注行", "正文段", "一级标题", "表题", "表注", "表后", "落款"
)  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """一、…"""

    text: str


@dataclass(frozen=True)
class Signature:
    """The last lines: who, when."""

    text: str


Part = str | Heading | Signature | ReportTable


def letter(*, title: str, beneath: str = "", parts: Sequence[Part]) -> bytes:
    """The paper as docx."""
    document = word.Document(str(Path(settings.SHIAN_PACKS) / LOOKS))
    body = document.element.body
    last = body.find(qn("w:sectPr"))
    assert last is not None
    for element in [each for each in body if each is not last]:
        body.remove(element)
    drawn = [paragraph_xml(signs_in_prose(title), TITLE)]
    drawn += [paragraph_xml(beneath, BENEATH)] if beneath else []
    for part in parts:
        drawn += _drawn(part)
    for element in drawn:
        last.addprevious(element)
    document.core_properties.title = title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _drawn(part: Part) -> list[BaseOxmlElement]:
    if isinstance(part, Heading):
        return [paragraph_xml(part.text, HEADING)]
    if isinstance(part, Signature):
        return [paragraph_xml(part.text, SIGNED)]
    if isinstance(part, str):
        return [paragraph_xml(signs_in_prose(line), BODY) for line in part.splitlines() if line.strip()]
    note = [paragraph_xml(part.note, NOTE)] if part.note else []
    return [paragraph_xml(part.title, CAPTION), table_xml(part, PAGE_WIDTH), *note, paragraph_xml("", AFTER)]
