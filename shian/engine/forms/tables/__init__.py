"""Forms in tables, one module per noun."""

from shian.engine.forms.tables.editions import (
    CHANGES,
    FAULTS,
    FORMS,
    QUESTIONS,
    VERSIONS,
    change_rows,
    fault_rows,
    form_row,
    question_rows,
    state_of,
    version_row,
)
from shian.engine.forms.tables.submissions import (
    ANSWERS,
    PHONES,
    SUBMISSIONS,
    answer_rows,
    clock_text,
    phone_row,
    submission_row,
    verdict_of,
)

__all__ = [
    "ANSWERS",
    "CHANGES",
    "FAULTS",
    "FORMS",
    "PHONES",
    "QUESTIONS",
    "SUBMISSIONS",
    "VERSIONS",
    "answer_rows",
    "change_rows",
    "clock_text",
    "fault_rows",
    "form_row",
    "phone_row",
    "question_rows",
    "state_of",
    "submission_row",
    "verdict_of",
    "version_row",
]
