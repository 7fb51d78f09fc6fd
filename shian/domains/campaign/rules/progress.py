"""Where an assigned item stands: done, open, or overdue. The three add up to what was assigned."""

from datetime import date

DONE, OPEN, OVERDUE = "done", "open", "overdue"
STANDINGS = (OPEN, OVERDUE, DONE)


def standing(*, is_met: bool, due_on: date, on: date) -> str:
    """An item that is met is done whenever that was; otherwise its last day decides."""
    if is_met:
        return DONE
    return OVERDUE if due_on < on else OPEN
