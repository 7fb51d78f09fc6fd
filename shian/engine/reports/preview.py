"""The text of a document as HTML, every figure a link to the page behind it."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import docx as word
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

HEADINGS = {"一级标题": "h2", "二级标题": "h3", "三级标题": "h4"}
TITLE, ANNEX = "标题", "附件"


@dataclass(frozen=True)
class Link:
    """What stands in the text, where it opens, how it is marked."""

    shown: str
    url: str
    state: str = ""


@dataclass(frozen=True)
class Block:
    tag: str
    html: SafeString


def blocks_of(docx: bytes, links: Mapping[int, Link], reading_order: Sequence[int]) -> list[Block]:
    """Headings and paragraphs up to the first annex; figures are linked in the order they were printed."""
    queue = iter(links[order] for order in reading_order if order in links)
    upcoming = next(queue, None)
    blocks = []
    for style, text in _paragraphs(docx):
        pieces: list[SafeString] = []
        rest = text
        while upcoming is not None and upcoming.shown in rest:
            before, rest = rest.split(upcoming.shown, 1)
            pieces += [escape(before), _anchor(upcoming)]
            upcoming = next(queue, None)
        pieces.append(escape(rest))
        blocks.append(Block(HEADINGS.get(style, "p"), mark_safe("".join(pieces))))  # noqa: S308 every piece is escaped
    return blocks


def _paragraphs(docx: bytes) -> Iterator[tuple[str, str]]:
    for paragraph in word.Document(io.BytesIO(docx)).paragraphs:
        style = paragraph.style.name if paragraph.style is not None and paragraph.style.name else ""
        if style == ANNEX:
            return
        if paragraph.text.strip() and style != TITLE:
            yield style, paragraph.text


def _anchor(link: Link) -> SafeString:
    """A link where there is a page; a mark where something is missing or changed."""
    shown = format_html("<mark>{}</mark>", link.shown) if link.state else escape(link.shown)
    return format_html('<a href="{}">{}</a>', link.url, shown) if link.url else shown
