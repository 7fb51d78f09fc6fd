"""Papers leave as docx, and as PDF where the machine has LibreOffice."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from docx import Document

from shian.engine.reports import paper as papers
from shian.engine.reports.paper import PdfNotMade, paper, paper_actions, pdf_of


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    papers.office.cache_clear()
    yield
    papers.office.cache_clear()


def written() -> bytes:
    document, out = Document(), io.BytesIO()
    document.add_paragraph("食品安全“三清单一承诺”")
    document.save(out)
    return out.getvalue()


def asked(form: str = "") -> tuple[HttpRequest, HttpResponse]:
    request = RequestFactory().get("/", {"form": form} if form else {})
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request, paper(written(), "承诺书", request)


def told(request: HttpRequest) -> list[str]:
    return [str(each) for each in request._messages]  # type: ignore[attr-defined]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="this machine has no LibreOffice")
def test_the_pdf_has_the_pages_of_the_paper() -> None:
    request, answer = asked("pdf")

    assert answer.content.startswith(b"%PDF-")
    assert b"/Type/Page" in answer.content.replace(b" ", b"")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].endswith(".pdf")
    assert told(request) == []


@pytest.mark.parametrize("where", [None, "/bin/false"])
def test_without_a_pdf_the_docx_is_there_and_the_reason(monkeypatch: pytest.MonkeyPatch, where: str | None) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: where)

    request, answer = asked("pdf")

    assert answer.headers["Content-Disposition"].endswith(".docx")
    assert "LibreOffice" in told(request)[0]
    with pytest.raises(PdfNotMade):
        pdf_of(written())


@pytest.mark.parametrize(("where", "urls"), [(None, ["/p/?a=1"]), ("/x/soffice", ["/p/?a=1", "/p/?a=1&form=pdf"])])
def test_pdf_is_offered_only_where_it_can_be_made(
    monkeypatch: pytest.MonkeyPatch, where: str | None, urls: list[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: where)

    assert [action.url for action in paper_actions("下载", "/p/?a=1")] == urls


def test_a_conversion_that_never_ends_is_ended_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    office = tmp_path / "soffice"
    office.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {started}\nwait\n")
    office.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _name: str(office))
    monkeypatch.setattr(papers, "SECONDS", 1)

    with pytest.raises(PdfNotMade):
        pdf_of(written())

    state = Path(f"/proc/{started.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"
