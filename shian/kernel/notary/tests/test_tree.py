"""The tree against the vectors of the Certificate Transparency reference tests, and properties for every size."""

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shian.kernel.notary.tiles import WIDTH, Frontier, FullTile, hashes_in, node_in_tile
from shian.kernel.notary.tree import (
    EMPTY_ROOT,
    ProofFailed,
    consistency_path,
    inclusion_path,
    leaf_hash,
    nodes_over,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (leaf, size): path
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {  # (old, new): path
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SIZES = st.integers(1, 700)
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines are shared


def leaves_of(size: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(size)]


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162 §2.1.1, word for word, as an independent check."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:middle]) + recursive_root(leaves[middle:])).digest()


def hexed(path: list[bytes]) -> list[str]:
    return [step.hex() for step in path]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert root_of(LEAVES[:size]) == (bytes.fromhex(ROOTS[size]), size)


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_published_inclusion_paths(place: tuple[int, int], path: list[str]) -> None:
    number, size = place

    assert hexed(inclusion_path(number, size, nodes_over(LEAVES[:size]))) == path


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items())
def test_published_consistency_paths(sizes: tuple[int, int], path: list[str]) -> None:
    old, new = sizes

    assert hexed(consistency_path(old, new, nodes_over(LEAVES[:new]))) == path


@UNHURRIED
@given(SIZES)
def test_the_root_is_that_of_the_recursive_definition(size: int) -> None:
    assert root_of(leaves_of(size))[0] == recursive_root(leaves_of(size))


@UNHURRIED
@given(SIZES, st.data())
def test_every_leaf_is_proven_and_a_changed_one_is_not(size: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    root = recursive_root(leaves)
    path = inclusion_path(number, size, nodes_over(leaves))

    verify_inclusion(leaves[number], number, size, path, root)

    for claim in [
        (leaves[number] + b"!", number, size, path, root),
        (leaves[number], number, size, [*path, root], root),
        (leaves[number], number, size, path, leaf_hash(root)),
        *([(leaves[number], number, size, path[:-1], root)] if path else []),
        *([(leaves[number], number ^ 1, size, path, root)] if number ^ 1 < size else []),
    ]:
        with pytest.raises(ProofFailed):
            verify_inclusion(*claim)


@UNHURRIED
@given(SIZES, SIZES, st.data())
def test_every_pair_of_sizes_is_consistent_and_a_changed_past_is_not(one: int, other: int, data: st.DataObject) -> None:
    old, new = sorted((one, other))
    leaves = leaves_of(new)
    old_root, new_root = recursive_root(leaves[:old]), recursive_root(leaves)
    path = consistency_path(old, new, nodes_over(leaves))

    verify_consistency(old, new, old_root, new_root, path)

    changed = list(leaves)
    changed[data.draw(st.integers(0, old - 1))] = b"changed"
    with pytest.raises(ProofFailed):
        verify_consistency(old, new, recursive_root(changed[:old]), new_root, path)
    with pytest.raises(ProofFailed):
        verify_consistency(old, new, old_root, recursive_root(changed), path)
    if path:
        with pytest.raises(ProofFailed):
            verify_consistency(old, new, old_root, new_root, path[:-1])


@pytest.mark.parametrize(("number", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_no_path_leads_to_a_leaf_outside_the_tree(number: int, size: int) -> None:
    with pytest.raises(IndexError):
        inclusion_path(number, size, nodes_over(leaves_of(size)))
    with pytest.raises(ProofFailed):
        verify_inclusion(b"", number, size, [], EMPTY_ROOT)


def test_the_frontier_grows_the_same_tree_and_emits_its_tiles() -> None:
    size = WIDTH * WIDTH + WIDTH + 3
    leaves, frontier = leaves_of(size), Frontier()
    tiles: list[FullTile] = []
    for number, data in enumerate(leaves):
        if number in {0, 1, 255, 256, 257, 1000}:
            assert frontier.root() == recursive_root(leaves[:number])
        tiles += frontier.append(leaf_hash(data))

    assert frontier.root() == recursive_root(leaves)
    assert [len(hashes) for hashes in frontier.levels] == [3, 1, 1]
    assert [(tile.level, tile.number) for tile in tiles if tile.level] == [(1, 0)]
    assert len(tiles) == WIDTH + 2
    node = nodes_over(leaves)
    assert tiles[1].hashes == b"".join(node(0, number) for number in range(WIDTH, 2 * WIDTH))
    assert tiles[1].root == node(8, 1)
    assert node_in_tile(hashes_in(tiles[1].hashes), 3, 31) == node(3, WIDTH // 8 + 31)
