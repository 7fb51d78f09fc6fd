"""What the worker does for duties."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.domains.duties.actions.following import follow_operators as follow
from shian.domains.duties.actions.quarters import close_due_quarters, close_visited_quarters


@app.periodic(cron="50 5 * * *")
@app.task(name="duties.follow_each_day", queueing_lock="duties.follow_each_day")
def follow_each_day(timestamp: int) -> None:
    """Operators that close on a day to come are followed on that day."""
    follow(at=timezone.now())


@app.task(name="duties.follow_operators")
def follow_operators() -> None:
    """After an import."""
    follow(at=timezone.now())


@app.periodic(cron="20 3 * * *")
@app.task(name="duties.close_quarters", queueing_lock="duties.close_quarters")
def close_quarters(timestamp: int) -> None:
    """The figures of the last quarter are frozen once its days are over; asked each night, that nothing is missed."""
    close_due_quarters(at=timezone.now())


@app.task(name="duties.close_visited_quarters")
def close_visited(city: str) -> None:
    """Behind the files of a city's history in the line of imports; a second run finds them frozen."""
    close_visited_quarters(city=city, at=timezone.now())
