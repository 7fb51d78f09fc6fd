import pytest

from shian.kernel.scope.rules import Level, area_key, code_of_key, columns_of_key, key_of_code, level_of_key, parent_key


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("130000", "13"),
        ("131000", "1310"),
        ("131002", "131002"),
        ("131100", "1311"),
        ("131022100", "131022100"),
        ("131022100201", "131022100201"),
    ],
)
def test_key_is_cut_by_level_not_by_zeros(code: str, key: str) -> None:
    assert key_of_code(code) == key
    assert key_of_code(code_of_key(key)) == key


def test_a_city_key_does_not_cover_a_neighbouring_city() -> None:
    assert not key_of_code("131100").startswith(key_of_code("131000"))


def test_sister_townships_do_not_share_a_key() -> None:
    assert area_key("131022100000", Level.TOWNSHIP) == "131022100"
    assert not "131022101".startswith("131022100")


def test_columns_are_empty_below_the_key() -> None:
    assert columns_of_key("131022") == {
        "province": "13", "city": "1310", "county": "131022", "township": "", "village": "",
    }  # fmt: skip


def test_parent_key_goes_one_level_up() -> None:
    assert [parent_key(key) for key in ("131022100", "131022", "1310", "13")] == ["131022", "1310", "13", ""]


@pytest.mark.parametrize("wrong", ["", "131", "1310a", "13102"])
def test_a_wrong_width_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="area key"):
        level_of_key(wrong)


def test_a_code_too_short_for_its_level_is_refused() -> None:
    with pytest.raises(ValueError, match="township"):
        area_key("131022", Level.TOWNSHIP)
