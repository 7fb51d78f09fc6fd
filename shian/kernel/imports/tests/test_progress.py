"""Progress is seen by others while the work is still uncommitted."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shian.kernel.files.models import StoredFile
from shian.kernel.imports.models import ImportBatch, Work
from shian.kernel.imports.progress import ProgressWriter


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_progress_leaves_the_running_transaction_and_never_waits_for_it() -> None:
    now = timezone.now()
    file = StoredFile.objects.create(sha256="0" * 64, name="a", kind="csv", size=1, stored_at=now, stored_by="alice")
    batch = ImportBatch.objects.create(
        importer="products", file=file, name="a", effective_on=now.date(), work=Work.CHECK, created_by="alice",
        created_at=now,
    )  # fmt: skip
    reader = connection.copy()

    def seen() -> tuple[int, str]:
        with reader.cursor() as cursor:
            cursor.execute("SELECT percent, step FROM imports_importbatch WHERE id = %s", [batch.pk])
            return tuple(cursor.fetchone())

    with ProgressWriter(batch.pk) as tell, transaction.atomic():
        tell(37, "读取文件")
        assert seen() == (37, "读取文件")

        ImportBatch.objects.filter(pk=batch.pk).update(percent=100)
        tell.written = 0.0
        tell(50, "写入")
        assert tell.is_broken
    reader.close()

    batch.refresh_from_db()
    assert batch.percent == 100
