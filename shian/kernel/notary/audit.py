"""Checking the log where it lives: every entry against its leaf, every leaf against every head, every stored file."""

from collections.abc import Callable, Iterable
from pathlib import Path

from shian.kernel.notary.models import Checkpoint, Entry, Leaf
from shian.kernel.notary.notes import BadKey, BadNote, CheckpointText, VerifierKey, open_note
from shian.kernel.notary.queries import canonical_of, head
from shian.kernel.notary.rules import files_named, leaf_data
from shian.kernel.notary.subjects import file_path
from shian.kernel.notary.tiles import Frontier
from shian.kernel.notary.tree import leaf_hash
from shian.kernel.notary.verification import Outcome, Told, digest_of

AT_ONCE = 5_000
Progress = Callable[[int, int | None], None]


def audit(*, keys: Iterable[VerifierKey] = (), progress: Progress | None = None) -> Outcome:
    """Everything that is checkable on this machine. `keys` are those to trust; without them, those the log states."""
    outcome, newest = Outcome(), head()
    if newest is None:
        return outcome
    _check_signature(newest, list(keys), outcome)
    outcome.size = newest.size
    roots = dict(Checkpoint.objects.values_list("size", "root"))
    frontier, named = Frontier(), dict[str, Told]()
    for start in range(0, newest.size, AT_ONCE):
        leaves = list(Leaf.objects.filter(number__gte=start, number__lt=start + AT_ONCE).order_by("number"))
        entries = Entry.objects.in_bulk([leaf.entry_id for leaf in leaves])
        for leaf in leaves:
            frontier.append(leaf_hash(bytes(leaf.leaf_data)))
            if frontier.size in roots and frontier.root() != bytes(roots[frontier.size]):
                outcome.problems.append(f"the leaves do not give the root signed at {frontier.size} entries")
            _check_entry(leaf, entries.get(leaf.entry_id), named, outcome)
        if progress:
            progress(frontier.size, newest.size)
    if frontier.size != newest.size:
        outcome.problems.append(f"{newest.size - frontier.size} leaves are missing")
    for sha256, told in named.items():
        _check_file(sha256, file_path(sha256), told, outcome)
    return outcome


def _check_signature(newest: Checkpoint, keys: list[VerifierKey], outcome: Outcome) -> None:
    try:
        trusted = keys or [VerifierKey.parse(line) for line in newest.keys.splitlines()]
        told = CheckpointText.parse(open_note(newest.note, trusted))
    except (BadNote, BadKey) as error:
        outcome.problems.append(f"the checkpoint is not signed by this key: {error}")
        return
    outcome.origin = told.origin
    if (told.size, told.root) != (newest.size, bytes(newest.root)):
        outcome.problems.append("the newest checkpoint is not the one that was signed")


def _check_entry(leaf: Leaf, entry: Entry | None, named: dict[str, Told], outcome: Outcome) -> None:
    if entry is None:
        outcome.problems.append(f"leaf {leaf.number}: its entry is missing")
        return
    outcome.entries += 1
    told = Told(
        leaf.number, {"subject": entry.subject, "action": entry.action, "at": str(entry.at), "data": entry.data}
    )
    if leaf_data(bytes(entry.salt), canonical_of(entry)) != bytes(leaf.leaf_data):
        outcome.problems.append(f"{told}: the entry is not what was sealed")
    for sha256 in files_named(entry.data):
        named.setdefault(sha256, told)


def _check_file(sha256: str, path: Path | None, told: Told, outcome: Outcome) -> None:
    if path is None:
        outcome.absent_files += 1
        return
    outcome.files += 1
    with path.open("rb") as stream:
        if digest_of(stream) != sha256:
            name = told.content["data"].get("name", sha256)
            outcome.problems.append(f"{told}: the file {name} is not the one that was sealed")
