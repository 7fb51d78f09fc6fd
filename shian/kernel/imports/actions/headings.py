"""Headings matched by hand, remembered for an organisation and an importer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shian.kernel.accounts.permissions import check
from shian.kernel.imports.actions.batches import BatchNotOpen
from shian.kernel.imports.models import HeadingMatch, ImportBatch
from shian.kernel.imports.permissions import IMPORT, import_into
from shian.kernel.imports.rules import heading_keys
from shian.kernel.imports.specs import importer
from shian.kernel.notary.actions import seal

KEY_LIMIT = 120


@transaction.atomic
def match_headings(*, batch: ImportBatch, fields: Mapping[str, str], by: Any, at: datetime) -> int:
    """Remember heading → field ("" leaves the column out) for the batch's organisation; how many are new or other.

    Raises PermissionDenied, BatchNotOpen, KeyError for a field that the importer does not have.
    """
    spec = importer(batch.importer)
    check(import_into(spec), by)
    opened = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not opened.is_open or opened.work:
        raise BatchNotOpen(batch.pk)
    before = {each["heading"]: each["field"] for each in opened.headings}
    changed = {heading: name for heading, name in fields.items() if before.get(heading, "") != name}
    for heading, name in changed.items():
        HeadingMatch.objects.update_or_create(
            organisation=opened.organisation,
            importer=spec.key,
            key=heading_keys(heading)[0][:KEY_LIMIT],
            defaults={
                "heading": heading[:KEY_LIMIT],
                "field": spec.field(name).name if name else "",
                "matched_by": by.username,
                "matched_at": at,
            },
        )
    if changed:
        seal(
            action="imports.headings_matched",
            by=by.username,
            subject=f"imports.importbatch:{opened.pk}",
            data={"importer": spec.key, "organisation": opened.organisation, "headings": changed},
            at=at,
        )
    return len(changed)


@transaction.atomic
def forget_headings(*, matches: list[HeadingMatch], by: Any, at: datetime) -> int:
    """Forget matches; the next file is matched by names and aliases again. Raises PermissionDenied."""
    check(IMPORT, by)
    for match in matches:
        seal(
            action="imports.heading_forgotten",
            by=by.username,
            subject=f"imports.headingmatch:{match.pk}",
            data={"importer": match.importer, "organisation": match.organisation, "heading": match.heading},
            at=at,
        )
        match.delete()
    return len(matches)
