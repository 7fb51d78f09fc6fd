"""Words of packs in the language of the page."""

import pytest
from django.utils.translation import override

from shian.kernel.ui.languages import bilingual


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
