import pytest

from shian.kernel.notary.tiles import entry_bundle, read_tile_path, tile_path, tile_width


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [(0, 256, "000"), (5, 7, "005.p/7"), (1234067, 256, "x001/x234/067"), (999000, 255, "x999/000.p/255")],
)
def test_addresses_of_tiles_as_specified(number: int, width: int, path: str) -> None:
    assert tile_path(number, width) == path
    assert read_tile_path(path) == (number, width)


@pytest.mark.parametrize("path", ["0", "0000", "x000/001", "000.p/0", "000.p/256", "000.p/07", "001/234", "../000", ""])
def test_other_addresses_are_none(path: str) -> None:
    assert read_tile_path(path) is None


def test_a_tree_of_70000_has_the_tiles_of_the_specification() -> None:
    size = 70_000

    assert [tile_width(0, number, size) for number in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [tile_width(1, number, size) for number in (0, 1)] == [256, 17]
    assert [tile_width(2, number, size) for number in (0, 1)] == [1, 0]
    assert (tile_width(0, 0, 256), tile_width(1, 0, 256)) == (256, 1)


def test_a_bundle_has_each_entry_behind_its_length() -> None:
    assert entry_bundle([b"", b"ab"]) == b"\x00\x00\x00\x02ab"
