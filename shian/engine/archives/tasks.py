"""Sets are built by the worker."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.engine.archives.actions import JOB, build_set


@app.task(name=JOB)
def build(number: int) -> None:
    """One set. Run twice (a killed worker), it is begun anew; a finished one stays."""
    build_set(number=number, at=timezone.now())
