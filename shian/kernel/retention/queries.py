"""Which records keep a file, until when, and what is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from shian.kernel.files.models import StoredFile
from shian.kernel.files.queries import path_of
from shian.kernel.retention.models import DisposedFile, Hold
from shian.kernel.retention.schedule import Kind, Schedule, kept_until, schedule_at

LOOSE = "files.storedfile"


@dataclass(frozen=True)
class Keeper:
    """A record that keeps a file. `until` None: for good."""

    table: str
    key: str
    until: date | None
    is_held: bool

    def keeps(self, today: date) -> bool:
        return self.is_held or self.until is None or self.until >= today


@dataclass(frozen=True)
class DueFile:
    """A content that no record keeps any more; `until` was the last day of the longest."""

    file: StoredFile
    until: date
    tables: tuple[str, ...]


def own_models() -> dict[str, type[Model]]:
    """Every table of the program that it manages, by "app.model"."""
    found = (model for model in apps.get_models() if model.__module__.startswith("shian."))
    return {model._meta.label_lower: model for model in found if model._meta.managed}


def unclassified(schedule: Schedule) -> list[str]:
    """Tables without a rule."""
    return sorted(set(own_models()) - set(schedule.kinds))


def open_holds() -> list[Hold]:
    """Holds that stand, newest first."""
    return list(Hold.objects.filter(lifted_at__isnull=True).order_by("-pk"))


def keepers(today: date, files: list[int] | None = None) -> dict[int, list[Keeper]]:
    """File → the records that keep it or once did; `files` limits it to some."""
    schedule, held = schedule_at(today), {(hold.table, hold.key) for hold in open_holds()}
    found: dict[int, list[Keeper]] = {}
    for table, model in own_models().items():
        for name in _file_fields(model):
            for file, keeper in _kept(schedule.kinds[table], model, name, held, files):
                found.setdefault(file, []).append(keeper)
    return found


def _file_fields(model: type[Model]) -> list[str]:
    """Foreign keys to stored files; those of disposals remember and do not keep."""
    if model is DisposedFile:
        return []
    fields = model._meta.get_fields()
    return [each.name for each in fields if each.related_model is StoredFile and not each.auto_created]


def _kept(
    kind: Kind, model: type[Model], name: str, held: set[tuple[str, str]], files: list[int] | None
) -> Iterator[tuple[int, Keeper]]:
    manager: Any = model._default_manager
    rows = manager.filter(**{f"{name}__isnull": False} if files is None else {f"{name}__in": files})
    asked = [f"{name}_id", "pk", *([kind.event] if kind.event else [])]
    for file, key, *event in rows.values_list(*asked).iterator(chunk_size=2_000):
        is_held = bool({(kind.table, ""), (kind.table, str(key))} & held)
        yield file, Keeper(kind.table, str(key), _until(kind, event[0] if event else None), is_held)


def _until(kind: Kind, event: datetime | date | None) -> date | None:
    """None while the rule is for good, or the event has not come."""
    if kind.rule.years is None or event is None:
        return None
    day = timezone.localdate(event) if isinstance(event, datetime) else event
    return kept_until(day, kind.rule.years)


def due_files(today: date, files: list[int] | None = None) -> list[DueFile]:
    """Contents on disk that no record and no hold keeps, longest overdue first."""
    kept = keepers(today, files)
    loose, held = schedule_at(today).kinds[LOOSE], {(hold.table, hold.key) for hold in open_holds()}
    rows = StoredFile.objects.all() if files is None else StoredFile.objects.filter(pk__in=files)
    due = []
    for file in rows:
        own = Keeper(LOOSE, str(file.pk), _until(loose, file.stored_at), _is_held(file, held))
        all_of_it = [*kept.get(file.pk, []), own]
        ends = [each.until for each in all_of_it if each.until is not None]
        if not any(each.keeps(today) for each in all_of_it) and path_of(file.sha256).exists():
            due.append(DueFile(file, max(ends), tuple(dict.fromkeys(each.table for each in all_of_it))))
    return sorted(due, key=lambda each: (each.until, each.file.pk))


def _is_held(file: StoredFile, held: set[tuple[str, str]]) -> bool:
    return bool({(LOOSE, ""), (LOOSE, str(file.pk))} & held)
