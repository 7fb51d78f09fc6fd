"""Reads a docx template before it is used: numbers typed by hand are refused, unknown figures too."""

import io
import re
from collections.abc import Iterator

import docx as word
from docx.document import Document as Docx
from docx.oxml.ns import qn
from jinja2 import nodes

from shian.engine.reports.declarations import Declaration
from shian.engine.reports.prose import environment
from shian.engine.reports.rules import unbound_numbers

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_DOCXTPL = re.compile(r"\{([{%])(?:p|tr|tc|r)\s")
_FIGURE_CALLS = {"f", "has", "some", "year", "table", "annex"}


def template_faults(declaration: Declaration) -> list[str]:
    """What is wrong with the template, in words for the user; empty when it may be used."""
    document = word.Document(io.BytesIO(declaration.docx))
    faults: list[str] = []
    for text in _paragraphs(document):
        prose = _TAG.sub("", text)
        for number in unbound_numbers(prose, declaration.allowed_words):
            faults.append(f"数字“{number}”没有绑定统计口径：{prose.strip()[:40]}")
    source = "\n".join(_paragraphs(document))
    return faults + _faults_of_tags(_DOCXTPL.sub(r"{\1 ", source), declaration)


def figure_keys(declaration: Declaration) -> set[str]:
    """The keys that the template prints through f("…")."""
    document = word.Document(io.BytesIO(declaration.docx))
    tree = environment().parse(_DOCXTPL.sub(r"{\1 ", "\n".join(_paragraphs(document))))
    calls = (call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name) and call.node.name == "f")
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], nodes.Const)}


def _faults_of_tags(source: str, declaration: Declaration) -> list[str]:
    """A literal inside a tag is no way around: {{ "64098" }} and {{ q("64098") }} are refused."""
    faults = []
    for output in environment().parse(source).find_all(nodes.Output):
        for literal in _printed_literals(output):
            text = str(literal.value)
            if isinstance(literal.value, int | float) or unbound_numbers(text, declaration.allowed_words):
                faults.append(f"标签里直接写了数字“{text}”")
    return faults


def _printed_literals(node: nodes.Node) -> Iterator[nodes.Const]:
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            continue
        if isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name in _FIGURE_CALLS:
            continue
        if isinstance(child, nodes.Const):
            yield child
        yield from _printed_literals(child)


def _paragraphs(document: Docx) -> Iterator[str]:
    """The text of every paragraph of body, tables, headers and footers, in order of the file."""
    roots = [document.element.body]
    for section in document.sections:
        parts = (section.header, section.footer, section.even_page_footer, section.first_page_footer)
        roots += [part._element for part in parts]
    for root in roots:
        for paragraph in root.iter(qn("w:p")):
            yield "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
