"""Words that a pack gives in both languages follow the language of the page, as translated texts do; those that it
gives in Chinese only say so; what is kept as a record is worded in Chinese, whoever writes it."""

from html import escape

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, override

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


def language_of_record() -> override:
    """`with language_of_record():` a text that is kept (a title, a note, a paper) is worded in the language of record,
    not in that of the page on which somebody happens to write it."""
    return override(settings.LANGUAGE_CODE)


class ChineseText(str):
    """An official Chinese text that has no translation, such as a criterion of the standard. On a page in another
    language its HTML names its language (WCAG 3.1.2), so that it is read aloud as Chinese; elsewhere it is a text."""

    __slots__ = ()

    def __html__(self) -> str:
        text = escape(str.__str__(self))
        return text if (get_language() or "zh").startswith("zh") else f'<span lang="zh-Hans">{text}</span>'
