"""Codes that the worker issues."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shian.domains.census.actions import ISSUE, issue_missing_codes


@app.task(name=ISSUE)
def issue_codes(by: str) -> None:
    """Every operator that should have a code has one afterwards. Run twice, the second run finds nothing to do."""
    issue_missing_codes(by=by, at=timezone.now())
