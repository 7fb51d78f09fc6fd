import pytest

from shian.kernel.disclosures.rules import needs_reason, reason_of


@pytest.mark.parametrize(
    ("rows", "personal", "needed"),
    [(0, [], False), (500, [], False), (501, [], True), (1, ["phone"], True), (1, [""], False)],
)
def test_a_reason_is_needed_for_much_or_for_personal_data(rows: int, personal: list[str], needed: bool) -> None:
    assert needs_reason(rows, personal) is needed


@pytest.mark.parametrize(
    ("chosen", "words", "kept"),
    [
        ("", "", ""),
        ("", " x ", ""),
        ("", " 上级  检查 ", "上级 检查"),
        ("日常监管", "", "日常监管"),
        ("日常监管", "第3号", "日常监管：第3号"),
        ("", "长" * 300, "长" * 200),
    ],
)
def test_a_reason_says_something(chosen: str, words: str, kept: str) -> None:
    assert reason_of(chosen, words) == kept
