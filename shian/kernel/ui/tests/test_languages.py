"""Words of packs in the language of the page."""

import pytest
from django.utils.translation import override

from shian.kernel.ui.cells import value_html
from shian.kernel.ui.languages import ChineseText, bilingual


@pytest.mark.parametrize(
    ("chinese", "english", "in_chinese", "in_english"),
    [
        ("面积", "Area", "面积", "Area"),
        ("个", "", "个", ""),
        ("面积", None, "面积", "面积"),
        ("", "Area", "", ""),
    ],
)
def test_a_text_follows_the_language_of_the_page(chinese, english, in_chinese, in_english):
    text = bilingual(chinese, english)

    with override("zh-hans"):
        assert str(text) == in_chinese
    with override("en"):
        assert str(text) == in_english


def test_a_text_without_translation_names_its_language_on_pages_in_another_one() -> None:
    title = ChineseText("污染物监测网<全覆盖>")
    with override("zh-hans"):
        assert value_html(title) == "污染物监测网&lt;全覆盖&gt;"
    with override("en"):
        assert value_html(title) == '<span lang="zh-Hans">污染物监测网&lt;全覆盖&gt;</span>'
        assert f"{title}" == "污染物监测网<全覆盖>"
