"""How items of information, issues and adoption counts look in tables."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shian.domains.campaign.models import Briefing, Dispatch, DispatchState, Reprint
from shian.domains.campaign.queries.briefings import Adoption
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

TONES = {
    DispatchState.SUBMITTED: WAITING, DispatchState.EDITED: DUE, DispatchState.ADOPTED: DONE,
    DispatchState.DECLINED: NEUTRAL,
}  # fmt: skip
DISPATCHES = (
    Column("title", gettext_lazy("信息"), is_wide=True, is_fixed=True),
    Column("unit", gettext_lazy("报送单位")),
    Column("state", gettext_lazy("状态")),
    Column("submitted", gettext_lazy("报送时间"), kind="moment"),
    Column("briefing", gettext_lazy("刊登")),
)
BRIEFINGS = (
    Column("issue", gettext_lazy("期号"), is_fixed=True),
    Column("title", gettext_lazy("标题"), is_wide=True),
    Column("issued_on", gettext_lazy("印发日期"), kind="date"),
    Column("items", gettext_lazy("刊登信息"), kind="number", unit=gettext_lazy("条")),
)
ADOPTIONS = (
    Column("unit", gettext_lazy("报送单位"), is_wide=True, is_fixed=True),
    Column("sent", pgettext_lazy("count", "报送"), kind="number", unit=gettext_lazy("条")),
    Column("printed", pgettext_lazy("count", "采用"), kind="number", unit=gettext_lazy("条")),
    Column("reprinted", gettext_lazy("转载"), kind="number", unit=gettext_lazy("次")),
)
ITEMS = (
    Column("place", gettext_lazy("序号"), kind="number"),
    Column("title", gettext_lazy("信息"), is_wide=True, is_fixed=True),
    Column("unit", gettext_lazy("报送单位")),
    Column("again", gettext_lazy("转载"), kind="number", unit=gettext_lazy("次")),
)
REPRINTS = (
    Column("medium", gettext_lazy("媒体"), is_wide=True, is_fixed=True),
    Column("level", gettext_lazy("级别")),
    Column("on", gettext_lazy("转载日期"), kind="date"),
    Column("url", gettext_lazy("网址"), is_wide=True),
)


def dispatch_state(dispatch: Dispatch) -> tuple[str, str]:
    """Word and colour; what stands in an issue is called so."""
    if dispatch.briefing_id:
        return _("已刊登"), DONE
    state = DispatchState(dispatch.state)
    return str(state.label), TONES[state]


def briefing_words(briefing: Briefing) -> str:
    told = {"series": briefing.get_series_display(), "year": briefing.year, "number": briefing.number}
    return _("%(series)s%(year)s年第%(number)s期") % told


def briefing_url(briefing: Briefing) -> str:
    return reverse("campaign:briefing_detail", args=[briefing.pk])


def dispatch_url(dispatch: Dispatch) -> str:
    return reverse("campaign:dispatch_detail", args=[dispatch.pk])


def dispatch_row(dispatch: Dispatch) -> Row:
    word, tone = dispatch_state(dispatch)
    issue = dispatch.briefing
    cells = {
        "title": Cell(dispatch.shown_title, note=dispatch.reason),
        "unit": dispatch.unit.short_name or dispatch.unit.name,
        "state": Cell(word, state=tone),
        "submitted": dispatch.submitted_at,
        "briefing": Cell(briefing_words(issue), url=briefing_url(issue)) if issue else None,
    }
    return Row(cells, url=dispatch_url(dispatch), key=str(dispatch.pk))


def briefing_row(briefing: Briefing) -> Row:
    cells = {
        "issue": briefing_words(briefing),
        "title": briefing.title,
        "issued_on": briefing.issued_on,
        "items": getattr(briefing, "carried", None),
    }
    return Row(cells, url=briefing_url(briefing), key=str(briefing.pk))


def adoption_row(found: Adoption, year: int | None) -> Row:
    """A unit; each number opens the items that it counts."""
    listed, kept = reverse("campaign:dispatch_list"), {"year": str(year)} if year else {}
    named = {"unit": found.unit.code, **kept}
    cells = {
        "unit": found.unit.name,
        "sent": Cell(found.sent, url=f"{listed}?{urlencode({**named, 'show': 'sent'})}"),
        "printed": Cell(found.printed, url=f"{listed}?{urlencode({**named, 'show': 'printed'})}"),
        "reprinted": found.reprinted or None,
    }
    return Row(cells, key=found.unit.code)


def item_row(dispatch: Dispatch) -> Row:
    cells = {
        "place": dispatch.place,
        "title": dispatch.shown_title,
        "unit": dispatch.unit.name,
        "again": getattr(dispatch, "again", 0) or None,
    }
    return Row(cells, url=dispatch_url(dispatch), key=str(dispatch.pk))


def reprint_row(reprint: Reprint) -> Row:
    cells = {
        "medium": reprint.medium, "level": str(reprint.get_level_display()), "on": reprint.reprinted_on,
        "url": reprint.url or None,
    }  # fmt: skip
    return Row(cells, key=str(reprint.pk))
