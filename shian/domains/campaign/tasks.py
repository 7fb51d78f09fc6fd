"""Evaluations that the worker makes anew."""

from datetime import date

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.domains.campaign.actions import evaluate_area, renew_evaluations
from shian.domains.campaign.actions.meetings import keep_fridays
from shian.domains.campaign.actions.renewal import EVALUATE, RENEW
from shian.domains.campaign.actions.rescoring import RESCORE, rescore_all
from shian.domains.campaign.actions.vetoes import WATCH, watch_all
from shian.domains.campaign.actions.weeks import keep_weeks
from shian.domains.campaign.queries.inputs import NothingInForce


@app.task(name=RENEW)
def renew(by: str, area_key: str, since: str, inside: str = "") -> None:
    """One job per evaluation; those that wait already are not asked twice."""
    day = date.fromisoformat(since) if since else None
    renew_evaluations(by=by, area_key=area_key, inside=inside, since=day)


@app.task(name=EVALUATE)
def evaluate_again(area: str, as_of: str, by: str) -> None:
    """Evaluate the area for the day. Run twice, the second run finds the same result and keeps it."""
    try:
        evaluate_area(area=area, as_of=date.fromisoformat(as_of), by=by, at=timezone.now())
    except (NothingInForce, LookupError):
        return  # the standard or the area has gone meanwhile: what was evaluated stays


@app.task(name=RESCORE)
def rescore(source: str, by: str) -> None:
    """Rows of a source have changed; run twice, the second run finds nothing to write."""
    rescore_all(source=source, by=by, at=timezone.now())


@app.periodic(cron="5 * * * *")
@app.task(name="campaign.keep_weeks", queueing_lock="campaign.keep_weeks")
def keep_the_weeks(timestamp: int) -> None:
    """The present week is open with its dispatch meeting, past ones are locked.

    Asked each hour, so that a missed Monday is made up for.
    """
    keep_weeks(by="worker", at=timezone.now())
    keep_fridays(by="worker", at=timezone.now())


@app.periodic(cron="20 * * * *")
@app.task(name=WATCH, queueing_lock=WATCH)
def watch_the_vetoes(timestamp: int) -> None:
    """Each hour, because look-backs end by themselves; and whenever rows have changed."""
    watch_all(by="worker", at=timezone.now())
