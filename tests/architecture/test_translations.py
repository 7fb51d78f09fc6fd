"""The interface is complete in English, and a visitor switches to it on the sign-in page."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tools import translations


def messages_in(folder: Path, name: str, text: str) -> set[translations.Message]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return {message for _line, message, _context in translations.messages_of(path)}


def test_every_marked_text_has_english_with_the_same_placeholders() -> None:
    assert translations.problems() == []


def test_texts_in_tags_filters_attributes_and_blocks_are_found(tmp_path: Path) -> None:
    page = """
      <a title="{% translate '甲' %}">{% translate "乙" as label %}</a>
        {{ value|default:_("丙") }} {% include "x.html" with label=_("丁") %}
      {% blocktranslate trimmed with day=a|date:"Y" %}
        戊 {{ day }}
        100%{% endblocktranslate %}
      {% blocktranslate count total=rows|length %}{{ total }} 己{% plural %}{{ total }} 庚{% endblocktranslate %}
    """

    assert messages_in(tmp_path, "page.html", page) == {
        "甲", "乙", "丙", "丁", "戊 %(day)s 100%%", ("%(total)s 己", "%(total)s 庚"),
    }  # fmt: skip


def test_texts_in_declarations_are_found(tmp_path: Path) -> None:
    code = 'from x import gettext_lazy as _\nCOLUMN = Column("a", _("甲"), help=pgettext_lazy("step", "乙"))\n'

    assert messages_in(tmp_path, "tables.py", code) == {"甲", "乙"}


@pytest.mark.django_db
def test_switching_the_language_shows_english_on_the_sign_in_page(client: Client) -> None:
    page = reverse("account_login")
    assert '<html lang="zh-hans"' in client.get(page).text

    answer = client.post(reverse("set_language"), {"language": "en", "next": page}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert '<html lang="en"' in answer.text
    assert "Sign in with your own account." in answer.text
