"""Words that a pack gives in both languages: they follow the language of the page, as translated texts do."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from shian.kernel.ui.states import Text


def _chosen(chinese: str, english: str) -> str:
    return english if (get_language() or "").startswith("en") else chinese


_lazily = lazy(_chosen, str)


def bilingual(chinese: str, english: str | None) -> Text:
    """The Chinese or the English word, chosen when it is drawn. Without an English one (None) the Chinese stays; an
    empty one says that English has no word for it, as for 个."""
    if english is None or not chinese:
        return chinese
    drawn: Text = _lazily(chinese, english)
    return drawn
