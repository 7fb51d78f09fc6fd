"""A text that was just written, as a file that somebody takes: docx, or PDF where the machine has LibreOffice.

No package registry brings LibreOffice (Debian's libreoffice-writer-nogui does), so PDF is offered only where it is.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from functools import cache
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from shian.kernel.files.rules import MEDIA_TYPES
from shian.kernel.ui.pieces import Action

SECONDS = 60  # a letter with twenty pages of annexes takes three
_one_at_a_time = threading.Lock()


class PdfNotMade(ValueError):
    """There is no LibreOffice here, or it failed; the docx is there all the same."""

    def __init__(self) -> None:
        super().__init__(_("没有生成 PDF：本机没有 LibreOffice，或转换未完成；已改为下载 docx。"))


@cache
def office() -> str:
    """Where LibreOffice is; "" on a machine without."""
    return shutil.which("soffice") or ""


def paper_actions(label: str, url: str) -> list[Action]:
    """The button for the docx and, where it can be made, that for the PDF."""
    found = [Action(label, url, icon="download")]
    if office():
        found.append(Action(_("下载 PDF"), f"{url}{'&' if '?' in url else '?'}form=pdf", icon="file-export"))
    return found


def paper(content: bytes, title: str, request: HttpRequest) -> HttpResponse:
    """The docx under its title, or the PDF of it where the page asks with ?form=pdf. Where that fails it is the docx,
    and the next page says why."""
    form = "docx"
    if request.GET.get("form") == "pdf":
        try:
            content, form = pdf_of(content), "pdf"
        except PdfNotMade as failed:
            messages.warning(request, str(failed))
    answer = HttpResponse(content, content_type=MEDIA_TYPES[form])
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{title}.{form}")
    return answer


def pdf_of(docx: bytes) -> bytes:
    """The pages of a docx. LibreOffice has a profile of its own each time and runs once at a time in a process. Raises
    PdfNotMade."""
    if not office():
        raise PdfNotMade
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="shian-pdf-") as folder:
        written = Path(folder) / "paper.docx"
        written.write_bytes(docx)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [office(), profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(written)]
        try:
            _run(command)
            return written.with_suffix(".pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as failed:
            raise PdfNotMade from failed


def _run(command: list[str]) -> None:
    """The command to its end; after SECONDS it and what it started are ended."""
    none = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=none, stdout=none, stderr=none, start_new_session=True) as running:
        try:
            running.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise
