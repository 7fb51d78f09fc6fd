"""The Merkle tree of RFC 9162 §2.1 over SHA-256: hashes, roots, proofs and their verification. Pure functions.

A *node* is the hash of a complete subtree, named by (level, number): level 0 holds the leaf hashes. Proofs are made
from a function that yields nodes, so they need neither all leaves in memory nor a database here.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

Node = Callable[[int, int], bytes]
EMPTY_ROOT = hashlib.sha256(b"").digest()


class ProofFailed(ValueError):
    """The proof does not lead from what is claimed to the root."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def pairs_hashed(level: Sequence[bytes]) -> list[bytes]:
    """The node hash of each pair of neighbours: an even number of hashes becomes half as many."""
    sha256 = hashlib.sha256  # proofs and tiles consist of this
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)]


def folded(hashes: Sequence[bytes], above: bytes | None = None) -> bytes | None:
    """The root over neighbouring complete subtrees of one size, and then `above`, the root of what stands to the right.

    None for nothing at all. Not the input's order of work but the tree's: an odd last one is carried up unhashed.
    """
    level, last = list(hashes), above
    while level:
        if len(level) % 2:
            single = level.pop()
            last = single if last is None else node_hash(single, last)
        level = pairs_hashed(level)
    return last


def root_of(leaves: Iterable[bytes]) -> tuple[bytes, int]:
    """The root over leaf data, and how many there are."""
    hashes = [leaf_hash(data) for data in leaves]
    return folded(hashes) or EMPTY_ROOT, len(hashes)


def nodes_over(leaves: Iterable[bytes]) -> Node:
    """The nodes of a tree that is held in memory, each computed once."""
    levels = [[leaf_hash(data) for data in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(left, right) for left, right in zip(below[::2], below[1::2], strict=False)])
    return lambda level, number: levels[level][number]


def split(size: int) -> int:
    """The largest power of two below `size` (size ≥ 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def subtree_root(start: int, end: int, node: Node) -> bytes:
    """The root over leaves start … end - 1, where `start` is a multiple of the power of two that covers them."""
    parts = []
    while start < end:
        level = (end - start).bit_length() - 1
        parts.append(node(level, start >> level))
        start += 1 << level
    root = parts.pop()
    while parts:
        root = node_hash(parts.pop(), root)
    return root


def inclusion_path(number: int, size: int, node: Node) -> list[bytes]:
    """The audit path of leaf `number` in the tree of `size` leaves (RFC 9162 §2.1.3.1). Raises IndexError."""
    if not 0 <= number < size:
        raise IndexError(number)
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if number < middle:
            path.append(subtree_root(middle, end, node))
            end = middle
        else:
            path.append(subtree_root(start, middle, node))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, node: Node) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old` (RFC 9162 §2.1.4.1). Raises IndexError."""
    if not 0 < old <= new:
        raise IndexError(old)
    path, start, end, is_known = [], 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(subtree_root(middle, end, node))
            end = middle
        else:
            path.append(subtree_root(start, middle, node))
            start, is_known = middle, False
    if not is_known:
        path.append(subtree_root(start, end, node))
    return path[::-1]


def root_from_inclusion(data_hash: bytes, number: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that the path claims (RFC 9162 §2.1.3.2). Raises ProofFailed for a path of the wrong length."""
    if not 0 <= number < size:
        raise ProofFailed("the leaf lies outside the tree")
    at, last, root = number, size - 1, data_hash
    for sibling in path:
        if not last:
            raise ProofFailed("the path is too long")
        if at % 2 or at == last:
            root = node_hash(sibling, root)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofFailed("the path is too short")
    return root


def verify_inclusion(data: bytes, number: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raises ProofFailed unless leaf `number` of the tree with this root holds `data`."""
    if root_from_inclusion(leaf_hash(data), number, size, path) != root:
        raise ProofFailed("the path leads to another root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Raises ProofFailed unless the new tree begins with the old one (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= new:
        raise ProofFailed("sizes out of order")
    if old == new:
        _require(not path and old_root == new_root)
        return
    steps = list(path) if old & (old - 1) else [old_root, *path]
    _require(bool(steps))
    at, last = old - 1, new - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    small = large = steps[0]
    for step in steps[1:]:
        _require(last > 0)
        if at % 2 or at == last:
            small, large = node_hash(step, small), node_hash(step, large)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            large = node_hash(large, step)
        at, last = at >> 1, last >> 1
    _require(not last and small == old_root and large == new_root)


def _require(holds: bool) -> None:
    if not holds:
        raise ProofFailed("the trees do not agree")
