"""Export sets in lists."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shian.engine.archives.models import ArchiveSet, SetState
from shian.engine.archives.queries import kind_title
from shian.kernel.ui.actors import actor
from shian.kernel.ui.tables import Cell, Column, Row

STATES = {
    SetState.WAITING: "waiting",
    SetState.WORKING: "due",
    SetState.READY: "done",
    SetState.FAILED: "overdue",
}
SETS = (
    Column("kind", _("档案"), is_fixed=True),
    Column("area", _("区划")),
    Column("as_of", _("数据时点"), kind="date", sort="as_of"),
    Column("state", _("状态")),
    Column("items", _("项数"), kind="number"),
    Column("size", _("大小"), kind="number", unit="MB", decimals=1),
    Column("asked_by", _("申请人")),
    Column("asked_at", _("申请时间"), kind="moment", sort="asked_at"),
)


def set_row(found: ArchiveSet, names: dict[str, str]) -> Row:
    """One set."""
    cells = {
        "kind": kind_title(found),
        "area": names.get(found.area_key, found.area_key),
        "as_of": found.as_of,
        "state": Cell(found.get_state_display(), state=STATES[SetState(found.state)]),
        "items": found.items or None,
        "size": found.file.size / 1_000_000 if found.file else None,
        "asked_by": actor(found.asked_by),
        "asked_at": found.asked_at,
    }
    return Row(cells, url=reverse("archives:archive_detail", args=[found.pk]), key=str(found.pk))
