"""Heavy files wait in a line: the worker takes them one after another, after everything that people wait for.

Each is an ordinary batch on the page of imports. A killed worker leaves nothing half-written; the next one begins the
file again. A file that stops or fails tells so on its batch and lets the next one pass.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.kernel.imports.actions.batches import JOB, keep_resource, open_batch, spec_of
from shian.kernel.imports.datapackages import Resource, read_package
from shian.kernel.imports.models import ImportBatch, Work
from shian.kernel.imports.queries import accepted_before
from shian.kernel.jobs.queue import defer
from shian.kernel.scope.reach import Reach
from shian.kernel.scope.rules import key_of_code

LINE = "imports-line"


@transaction.atomic
def queue_package(
    *, folder: Path, area: str, by: str, at: datetime, resources: Collection[str] | None = None
) -> list[ImportBatch]:
    """The files of a data package, in its order, join the line; rows must lie inside the area (a division code).

    What was accepted before or stands in the line already is left out. Raises FileUnusable, FileRefused.
    """
    package, reach = read_package(folder, resources), Reach(keys=(key_of_code(area),))
    return [
        _queued(resource, package.name, reach, by, at)
        for resource in package.resources
        if not _is_known(resource)
    ]  # fmt: skip


def _is_known(resource: Resource) -> bool:
    with resource.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    waits = ImportBatch.objects.exclude(work="").filter(importer=resource.importer, file__sha256=digest)
    return accepted_before(resource.importer, digest) is not None or waits.exists()


def _queued(resource: Resource, package: str, reach: Reach, by: str, at: datetime) -> ImportBatch:
    stored = keep_resource(resource, by, at)
    batch = open_batch(spec_of(resource), resource, stored, timezone.localdate(at), reach, by, at, package)
    batch.work, batch.step = Work.ACCEPT, str(_("排队等候"))
    batch.save(update_fields=["work", "step"])
    defer(JOB, lock=f"imports-{batch.pk}", line=LINE, batch=batch.pk, work=str(Work.ACCEPT), by=by)
    return batch
