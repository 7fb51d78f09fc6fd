"""Working days (工作日): the State Council's calendar as dated rows, and the arithmetic of statutory periods over it.

A year whose notice is not known yet counts Mondays to Fridays and is provisional; every answer that touches it says so.
Rules are pure (rules.py); `queries.calendar()` gives them the rows; docs/law/workdays.md cites the articles.
A year is imported from its notice by `kernel/imports/calendars.py`, which stands above this app.
"""
