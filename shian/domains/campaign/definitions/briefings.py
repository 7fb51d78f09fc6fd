"""An issue of a briefing as a paper."""

from collections.abc import Sequence

from shian.domains.campaign.models import Briefing, Dispatch
from shian.domains.campaign.rules.briefings import issue_words
from shian.engine.reports.letters import Heading, Part, Signature, letter
from shian.kernel.ui.languages import language_of_record

NUMERALS = "一二三四五六七八九十"


def briefing_paper(briefing: Briefing, items: Sequence[Dispatch]) -> bytes:
    """The docx: every item under the name of the unit that sent it."""
    parts: list[Part] = []
    for place, item in enumerate(items):
        number = f"{NUMERALS[place]}、" if place < len(NUMERALS) else f"{place + 1}. "
        text = item.edited_text or item.text
        parts += [Heading(f"{number}{item.shown_title}"), text, Signature(f"（{item.unit.name}）")]
    day = briefing.issued_on
    parts.append(Signature(f"{day.year}年{day.month}月{day.day}日"))
    with language_of_record():
        beneath = issue_words(str(briefing.get_series_display()), briefing.year, briefing.number)
    return letter(title=briefing.title, beneath=beneath, parts=parts)
