import hashlib
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings

from shian.kernel.files.actions import FileRefused, store_file, store_files
from shian.kernel.files.models import StoredFile
from shian.kernel.files.queries import download, open_file, path_of
from shian.kernel.files.rules import sniff
from shian.kernel.notary.models import Entry

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "名称")
    return out.getvalue()


def store(content: bytes, name: str = "文件.csv", kinds: tuple[str, ...] = ("csv", "xlsx")) -> StoredFile:
    return store_file(name=name, stream=io.BytesIO(content), kinds=kinds, by="alice", at=AT)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "png"),
        ("名称,数量\n".encode("gb18030"), "csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "xls"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        ("\ufeff名称\t数量\n".encode("utf-16-le"), "csv"),
        (b"\x00\x01\x02", ""),
        (b"", ""),
        (b"PK\x03\x04broken", ""),
    ],
)
def test_kind_is_told_by_content(content: bytes, kind: str) -> None:
    assert sniff(io.BytesIO(content)) == kind


def test_a_workbook_is_told_from_a_zip() -> None:
    assert sniff(io.BytesIO(workbook())) == "xlsx"


@pytest.mark.django_db
def test_same_content_is_stored_once() -> None:
    first, second = store(b"a,b\n1,2\n"), store(b"a,b\n1,2\n", name="again.csv")

    assert first == second
    with open_file(first) as content:
        assert content.read() == b"a,b\n1,2\n"
    assert path_of(first.sha256).is_file()


@pytest.mark.django_db
def test_several_files_are_kept_and_sealed_together_each_content_once() -> None:
    known = store(b"a,b\n1,2\n")
    contents = {"前.csv": b"a,b\n3,4\n", "旧.csv": b"a,b\n1,2\n", "后.csv": b"a,b\n3,4\n", "又.csv": b"a,b\n5,6\n"}

    found = store_files(
        streams={name: io.BytesIO(each) for name, each in contents.items()}, kinds=("csv",), by="bob", at=AT
    )

    assert found["旧.csv"] == known
    assert found["前.csv"] == found["后.csv"]
    assert {each.name for each in StoredFile.objects.all()} == {"文件.csv", "前.csv", "又.csv"}
    sealed = {each.data["name"]: each for each in Entry.objects.filter(action="files.stored", actor="bob")}
    assert {name: each.subject for name, each in sealed.items()} == {
        name: f"files.storedfile:{hashlib.sha256(contents[name]).hexdigest()}" for name in ("前.csv", "又.csv")
    }
    for each in found.values():
        assert (each.pk, each.size) == (
            StoredFile.objects.get(sha256=each.sha256).pk,
            path_of(each.sha256).stat().st_size,
        )


@pytest.mark.django_db
def test_a_picture_named_xlsx_is_refused_by_what_it_is() -> None:
    with pytest.raises(FileRefused, match="不是可接受的格式"):
        store(b"\x89PNG\r\n\x1a\n....", name="主体.xlsx")

    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_the_old_excel_format_is_refused_with_its_remedy() -> None:
    with pytest.raises(FileRefused, match=r"另存为 \.xlsx"):
        store(b"\xd0\xcf\x11\xe0....", name="主体.xls")


@pytest.mark.django_db
def test_a_file_over_the_limit_leaves_nothing_behind(settings) -> None:
    settings.SHIAN_FILE_LIMIT = 10

    with pytest.raises(FileRefused, match="上限"):
        store(b"x" * 11)

    assert list(Path(settings.MEDIA_ROOT).rglob("incoming-*")) == []


@pytest.mark.django_db
def test_a_download_is_never_shown_inline() -> None:
    response = download(store(b"a\n"), "台账.csv")

    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"].startswith("text/csv")
    response.close()


def test_the_limit_is_a_setting() -> None:
    assert settings.SHIAN_FILE_LIMIT > 0
