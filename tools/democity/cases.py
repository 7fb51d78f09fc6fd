"""The cases of a city: written into one book by its makers, if the city's pack has a cases.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.democity.casebook import CaseBook
from tools.democity.directing import keeping, proposals, running_cards, running_tasks, running_visits, self_checks
from tools.democity.people import Staff
from tools.democity.place import PACKS, Place, read_yaml
from tools.democity.receiving import interviews, reception
from tools.democity.rectifying import (
    desk_for,
    inspection_rounds,
    keep_photos,
    published_problems,
    running_problems,
)
from tools.democity.scheduling import plan_steps

PAPER = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 58>>stream
BT /F1 18 Tf 72 760 Td (Report of a demonstration city) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
PAPERS = ("督查报告.pdf", "自查报告.pdf", "访谈资料.pdf")


def make_cases(place: Place, staff: Staff, operators: Sequence[list[Any]], packs: Path = PACKS) -> CaseBook:
    """The book; empty for a city without a cases.yaml, or for a day before what was published."""
    book = CaseBook(place)
    path = packs / "cities" / place.name / "cases.yaml"
    if not path.exists():
        return book
    wish, desk = read_yaml(path), desk_for(place, book, staff, operators)
    if place.today <= wish["found"]["closed_by"]:
        return book
    keep_photos(book)
    book.files |= dict.fromkeys(PAPERS, PAPER)
    inspection_rounds(desk, wish)
    published_problems(desk, wish)
    running_problems(desk, wish)
    running_cards(desk, wish)
    running_tasks(desk, wish)
    running_visits(desk, wish)
    self_checks(desk)
    proposals(desk, wish)
    keeping(desk, wish)
    reception(desk)
    interviews(desk)
    plan_steps(desk)
    return book
