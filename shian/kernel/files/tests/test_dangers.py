"""Files that are more than they seem: each is refused with a sentence, and leaves nothing behind."""

import io
import struct
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from shian.kernel.files.actions import FileRefused, store_file
from shian.kernel.files.dangers import danger_of
from shian.kernel.files.models import StoredFile
from shian.kernel.files.pictures import without_metadata
from shian.kernel.files.queries import download
from shian.kernel.files.rules import clean_name, sniff

AT = datetime(2026, 1, 1, tzinfo=UTC)
EVERY_KIND = ("csv", "xlsx", "docx", "zip", "pdf", "png", "jpg")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def archive(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def liar() -> bytes:
    """A sheet that unpacks to ten times what its headers say."""
    content = archive({"xl/workbook.xml": bytes(range(256)) * 2000})
    size, claimed = struct.pack("<I", 512_000), struct.pack("<I", 51_200)
    return content.replace(size, claimed)


def overlapping() -> bytes:
    """Two entries of the directory that share one body."""
    content = archive({"xl/a.xml": bytes(range(256)) * 400, "xl/b.xml": b"b"})
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        first = made.getinfo("xl/a.xml")
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x01\x02", start + 4)
    entry, rest = content[start:end], content[end:]
    tail = bytearray(rest[rest.index(b"PK\x05\x06") :])
    copies = len(content) // first.compress_size + 2
    tail[8:12] = struct.pack("<HH", copies, copies)
    tail[12:16] = struct.pack("<I", len(entry) * copies)
    return content[:start] + entry * copies + bytes(tail)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"tEXt", b"GPS 39.5") + chunk(b"IEND", b"")
EXIF = b"\xff\xe1" + struct.pack(">H", 20) + b"Exif\0\0GPS 39.5,116"
JPG = b"\xff\xd8" + b"\xff\xe0\x00\x04JF" + EXIF + b"\xff\xda\x00\x02picture\xff\xd9"
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "danger"),
    [
        (archive({"xl/workbook.xml": b"0" * 5_000_000}), "bomb"),
        (archive({f"xl/{number}.xml": b"" for number in range(10_001)}), "bomb"),
        (liar(), "bomb"),
        (overlapping(), "bomb"),
        (archive({"xl/workbook.xml": b"a" * 900}, zipfile.ZIP_LZMA), "bomb"),
        (archive({"xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"}), "macro"),
        (archive({"word/document.xml": b"", "word/vbaData.xml": b"x"}), "macro"),
        (archive({"xl/workbook.xml": b"", "xl/macrosheets/sheet1.xml": b"x"}), "macro"),
        (archive({"data/inner.ZIP": archive({"a": b"b"})}), "nested"),
        (archive({"xl/workbook.xml": b"", "xl/media/x.tar.gz": b"x"}), "nested"),
        (archive({"../../etc/passwd": b"x"}), "path"),
        (archive({"..\\a.csv": b"x"}), "path"),
        (archive({"/a.csv": b"x"}), "path"),
        (archive({"C:/a.csv": b"x"}), "path"),
        (b"%PDF-1.7\n<html><script>alert(1)</script>" + PDF, "polyglot"),
        (PDF + archive({"a.csv": b"x"}), "polyglot"),
        (PDF + b"<script>alert(1)</script>", "polyglot"),
        (PNG + archive({"a.jar": b"x"}), "polyglot"),
        (PNG + b"<?php evil(); ?>", "polyglot"),
        (JPG.replace(b"picture", b"picture<script>"), "polyglot"),
        (JPG + b"<svg onload=alert(1)>", "polyglot"),
    ],
)
def test_a_dangerous_file_is_refused_and_leaves_nothing(content: bytes, danger: str, tmp_path: Path) -> None:
    stream = io.BytesIO(content)

    assert danger_of(stream, sniff(stream)) == danger
    with pytest.raises(FileRefused, match="文件名"):
        store_file(name="文件名.xlsx", stream=stream, kinds=EVERY_KIND, by="alice", at=AT)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def honest_workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row in range(3000):
            sheet.write_row(row, 0, [f"固安县第{row}便利店", row, "在营"])
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        honest_workbook(),
        archive({"datapackage.json": b"{}", "a.csv": b"a,b\n" * 9}),
        PDF,
        PNG,
        JPG,
        "名称\n甲\n".encode(),
    ],
)
def test_an_honest_file_passes(content: bytes) -> None:
    stream = io.BytesIO(content)

    assert danger_of(stream, sniff(stream)) == ""
    assert stream.tell() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xef\xbb\xbf <?xml version='1.0'?><!-- a --><svg><script/></svg>",
        b"<!DOCTYPE svg><svg>",
    ],
)
def test_a_drawing_that_may_run_scripts_is_refused(content: bytes) -> None:
    assert sniff(io.BytesIO(content)) == "svg"
    with pytest.raises(FileRefused, match="SVG"):
        store_file(name="图.csv", stream=io.BytesIO(content), kinds=EVERY_KIND, by="alice", at=AT)


def test_a_script_behind_the_name_of_a_picture_is_no_table() -> None:
    content = b"GIF89a/*" + b"*/=1;alert(1)//"

    assert sniff(io.BytesIO(content)) == "gif"
    with pytest.raises(FileRefused):
        store_file(name="a.csv", stream=io.BytesIO(content), kinds=EVERY_KIND, by="alice", at=AT)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("报告.xlsx", "报告.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\名单.csv", "名单.csv"),
        ("报\u202excod.exe", "报xcod.exe"),
        ("a\r\nSet-Cookie: b\x00.csv", "aSet-Cookie_ b.csv"),
        ("  .hidden. ", "hidden"),
        ("a<b>|c?.csv", "a_b__c_.csv"),
        ("\u200b", "文件"),
        ("", "文件"),
        ("长" * 300 + ".xlsx", "长" * 195 + ".xlsx"),
    ],
)
def test_names_are_fit_to_be_kept(name: str, kept: str) -> None:
    assert clean_name(name) == kept


@pytest.mark.parametrize(("content", "kind"), [(JPG, "jpg"), (PNG, "png")])
def test_a_photograph_leaves_without_its_place_and_stays_whole(content: bytes, kind: str) -> None:
    sent = without_metadata(content, kind)

    assert b"GPS" not in sent
    assert sniff(io.BytesIO(sent)) == kind
    assert b"IEND" in sent or b"picture\xff\xd9" in sent
    assert without_metadata(b"any", "csv") == b"any"


@pytest.mark.django_db
def test_a_download_is_an_attachment_that_runs_nothing() -> None:
    stored = store_file(name="a.jpg", stream=io.BytesIO(JPG), kinds=("jpg",), by="alice", at=AT)
    answer = download(StoredFile.objects.get(pk=stored.pk), "照\u202e片.jpg")
    body = b"".join(answer.streaming_content)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"GPS" not in body
    assert "%E2%80%AE" not in answer.headers["Content-Disposition"]
