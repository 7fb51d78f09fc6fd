"""Watching the vetoes: whatever changed its state since the last look is kept, sealed and told, once (A-29)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from shian.domains.campaign.events import VetoCrossed
from shian.domains.campaign.models import Standard, VetoCrossing, WatchState
from shian.domains.campaign.queries.inputs import NothingInForce
from shian.domains.campaign.queries.vetoes import WatchLine, last_states, veto_watch
from shian.domains.campaign.queries.weeks import campaign_areas
from shian.domains.campaign.rules.vetoes import is_worse
from shian.kernel.events.bus import publish
from shian.kernel.jobs.queue import defer
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import code_of_key, columns_of_key

WATCH = "campaign.watch_vetoes"


def ask_watch() -> bool:
    """Defer one look at all vetoes; False while one waits already."""
    return defer(WATCH, lock=WATCH, timestamp=0)


def watch_all(*, by: str, at: datetime) -> int:
    """Every area with a campaign, as of the day of `at`; how many conditions changed their state."""
    today = timezone.localdate(at)
    return sum(len(watch_vetoes(area_key=key, day=today, by=by, at=at)) for key in campaign_areas(today))


@transaction.atomic
def watch_vetoes(*, area_key: str, day: date, by: str, at: datetime) -> list[VetoCrossing]:
    """Keep what changed its state since the last look, and tell what became worse: two looks at once tell once.

    A condition seen for the first time was clear before. Without a standard in force nothing is watched.
    """
    try:
        watch = veto_watch(area_key, day)
    except NothingInForce:
        return []
    Standard.objects.select_for_update().get(pk=watch.scoring.standard_id)  # one look after the other
    before = last_states(area_key)
    changed = [(line, before.get(line.indicator.code, "")) for line in watch.lines]
    return [_crossed(area_key, day, line, former, by, at) for line, former in changed if _is_news(line, former)]


def _is_news(line: WatchLine, former: str) -> bool:
    if not former:
        return line.state not in (WatchState.CLEAR, WatchState.UNKNOWN)
    return line.state != former


def _crossed(area_key: str, day: date, line: WatchLine, former: str, by: str, at: datetime) -> VetoCrossing:
    before, code = former or WatchState.CLEAR.value, line.indicator.code
    crossing = VetoCrossing.objects.create(
        item_code=code, before=before, after=line.state, value=line.value, margin=line.margin, counted_on=day, at=at,
        **columns_of_key(area_key),
    )  # fmt: skip
    value = "" if line.value is None else format(line.value.normalize(), "f")
    said = {"before": before, "after": line.state.value, "value": value, "counted_on": day.isoformat()}
    seal(action="campaign.veto_crossed", by=by, subject=f"campaign.item:{code}/{code_of_key(area_key)}", data=said,
         at=at)  # fmt: skip
    if is_worse(before, line.state):
        publish(VetoCrossed(area_key, code, line.indicator.title, before, line.state.value, value, by, at))
    return crossing
