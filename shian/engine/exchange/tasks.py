"""Rows are taken, and files written, by the worker."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.engine.exchange.actions import JOB, take_report, write_report


@app.task(name=JOB)
def work(number: int) -> None:
    """What one batch waits for. Run twice (a killed worker), it is begun anew; what is done stays."""
    take_report(number=number, at=timezone.now())
    write_report(number=number, at=timezone.now())
