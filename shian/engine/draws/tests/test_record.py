"""A published record is drawn again; whatever is changed in it is named."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shian.engine.draws import actions
from shian.engine.draws.models import DrawPick
from shian.engine.draws.queries import record_of
from shian.engine.draws.rules.published import source_in
from shian.engine.draws.rules.randomness import key_of
from shian.engine.draws.rules.record import Finding, Part, first_difference, verify_record
from shian.engine.draws.tests.factories import (
    AT,
    KNOWN_AT,
    LATER,
    confirmed,
    drafted,
    frozen,
    number_entries,
    office,
    revealed,
)
from shian.registers.areas.tests.factories import make_city_and_county

pytestmark = pytest.mark.django_db
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def record() -> dict[str, Any]:
    """Drawn, confirmed, one replaced, all seals numbered; as it reads after being written to a file."""
    told: dict[str, Any] = json.loads(_written())
    return told


@cache
def _written() -> str:
    """By the first test that asks, in its transaction; whoever verifies it needs no database."""
    make_city_and_county()
    draw = confirmed()
    pick = DrawPick.objects.filter(draw=draw, is_reserve=False, cell__stratum="餐饮").first()
    assert pick is not None
    actions.replace_pick(draw=draw, key=pick.row.key, reason="停业", by=office(), at=LATER)
    number_entries(LATER)
    return json.dumps(record_of(draw), ensure_ascii=False)


def difference(record: dict[str, Any]) -> Finding:
    found = first_difference(verify_record(record))
    assert found is not None
    return found


def seal_of(record: dict[str, Any], action: str) -> dict[str, Any]:
    return next(seal for seal in record["seals"] if f'"action":"draws.{action}"' in seal["entry"])


def reentered(seal: dict[str, Any], **changes: Any) -> None:
    """The entry with other content, as a forger would write it."""
    told = json.loads(seal["entry"])
    told |= changes
    seal["entry"] = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_a_whole_record_holds_in_every_part(record: dict[str, Any]) -> None:
    findings = verify_record(record)

    assert [str(each) for each in findings] == [f"{part}: holds" for part in Part if part != Part.TEAMS]


@pytest.mark.parametrize("column", range(5))
def test_any_change_of_one_row_of_the_frame_is_found(record: dict[str, Any], column: int) -> None:
    record["frame"]["rows"][17][column] += "x"

    assert difference(record).part == Part.FRAME


def test_a_row_less_or_more_or_twice_is_found(record: dict[str, Any]) -> None:
    rows = record["frame"]["rows"]
    for changed in (rows[1:], [*rows, ["新", "餐饮", "", "", ""]], [*rows, rows[3]]):
        assert difference({**record, "frame": {**record["frame"], "rows": changed}}).part == Part.FRAME


def test_a_frame_whose_hash_was_changed_too_no_longer_fits_its_seal(record: dict[str, Any]) -> None:
    from shian.engine.draws.rules.published import frame_in
    from shian.engine.draws.rules.sampling import frame_digest

    record["frame"]["rows"][17][1] = "生产"
    record["frame"]["sha256"] = frame_digest(frame_in(record))
    assert (difference(record).part, difference(record).place) == (Part.FRAME, "seal")

    seal = seal_of(record, "frozen")
    data = json.loads(seal["entry"])["data"] | {"frame": f"sha256:{record['frame']['sha256']}"}
    reentered(seal, data=data)
    assert difference(record).part == Part.SEALS


CHANGES: dict[str, tuple[Change, Part]] = {
    "format": (lambda r: r.update(format="shian-draw/2"), Part.FORM),
    "ratio": (lambda r: r["parameters"].update(ratio="0.3"), Part.FRAME),
    "rounding": (lambda r: r["parameters"].update(rounding="sideways"), Part.FORM),
    "no checkpoint": (lambda r: r.pop("checkpoint"), Part.FORM),
    "time of the values": (lambda r: r["draw"].update(known_at="2026-11-21T00:00:00.000000Z"), Part.FRAME),
    "title": (lambda r: r["draw"].update(title="别的"), Part.FRAME),
    "day": (lambda r: r["draw"].update(as_of="2026-11-19"), Part.FRAME),
    "uid": (lambda r: r["draw"].update(uid="別"), Part.FRAME),
    "name of a source": (lambda r: r["randomness"]["sources"][0].update(name="别的"), Part.FRAME),
    "salt": (lambda r: seal_of(r, "drawn").update(salt="00" * 16), Part.SEALS),
    "path": (lambda r: seal_of(r, "read")["path"].reverse(), Part.SEALS),
    "leaf": (lambda r: seal_of(r, "read").update(leaf=0), Part.SEALS),
    "another draw's seal": (lambda r: r["draw"].update(subject="draws.draw:0"), Part.SEALS),
    "value": (lambda r: r["randomness"]["sources"][0].update(values=["3341.63"]), Part.RANDOMNESS),
    "value without form": (lambda r: r["randomness"]["sources"][0].update(values=["x"]), Part.RANDOMNESS),
    "key": (lambda r: r["randomness"].update(key="1./"), Part.RANDOMNESS),
    "one reader": (lambda r: r["seals"].remove(seal_of(r, "read")), Part.RANDOMNESS),
    "drawn": (lambda r: r["cells"][1]["drawn"].reverse(), Part.SAMPLE),
    "one drawn less": (lambda r: r["cells"][1]["drawn"].pop(), Part.SAMPLE),
    "population": (lambda r: r["cells"][1].update(population=41), Part.SAMPLE),
    "a cell less": (lambda r: r["cells"].pop(), Part.SAMPLE),
    "reserves": (lambda r: r["cells"][1]["reserves"].reverse(), Part.SAMPLE),
    "no seal of the sample": (lambda r: r["seals"].remove(seal_of(r, "drawn")), Part.SAMPLE),
    "stand-in": (lambda r: r["replacements"][0].update(by=r["cells"][1]["reserves"][1]), Part.REPLACEMENTS),
    "who gives way": (lambda r: r["replacements"][0].update(key="nobody"), Part.REPLACEMENTS),
    "reason": (lambda r: r["replacements"][0].update(reason="别的"), Part.REPLACEMENTS),
    "a replacement less": (lambda r: r["replacements"].pop(), Part.REPLACEMENTS),
    "nonsense": (lambda r: r.update(seals=7), Part.FRAME),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_is_named(name: str, record: dict[str, Any]) -> None:
    change, part = CHANGES[name]
    changed = copy.deepcopy(record)

    change(changed)

    assert difference(changed).part == part


def test_the_first_difference_of_a_sample_is_told_with_both_sides(record: dict[str, Any]) -> None:
    drawn = record["cells"][1]["drawn"]
    was = drawn[2]
    drawn[2] = "餐饮000x"

    found = difference(record)

    assert (found.place, found.recorded, found.computed) == ("餐饮 drawn 3", "餐饮000x", was)


def test_a_frame_that_was_frozen_after_the_values_were_known_is_found() -> None:
    """What no action allows, a forger with the database could do: the seals tell."""
    make_city_and_county()
    draw = frozen()
    record = record_of(draw)
    record["draw"]["known_at"] = "2026-11-21T03:59:59.000000Z"
    seal = seal_of(record, "frozen")
    reentered(seal, data=json.loads(seal["entry"])["data"] | {"known_at": record["draw"]["known_at"]})

    found = {each.part: each for each in verify_record(record)}

    assert (found[Part.ORDER].holds, found[Part.ORDER].place) == (False, "known_at")


def test_a_record_that_is_not_finished_holds_as_far_as_it_goes() -> None:
    make_city_and_county()
    draw = actions.freeze_draw(draw=drafted(), by=office(), at=AT)
    assert {each.part: each.holds for each in verify_record(record_of(draw))} == {
        Part.FORM: True, Part.FRAME: True, Part.SEALS: None, Part.ORDER: None, Part.RANDOMNESS: None,
        Part.SAMPLE: None, Part.REPLACEMENTS: True,
    }  # fmt: skip

    number_entries()
    found = {each.part: each.holds for each in verify_record(record_of(draw))}
    assert (found[Part.SEALS], found[Part.ORDER]) == (True, True)
    assert record_of(draw)["draw"]["known_at"] == KNOWN_AT.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def added_source(record: dict[str, Any]) -> None:
    """A source that nobody announced: whoever adds it chooses the key."""
    record["randomness"]["sources"].append({"name": "alice", "kind": "text", "values": ["CHOSEN"]})


def added_value(record: dict[str, Any]) -> None:
    record["randomness"]["sources"][0]["values"].append("CHOSEN")


def other_kind(record: dict[str, Any]) -> None:
    """Digits have another canonical form as a number."""
    record["randomness"]["sources"][0]["kind"] = "numbers"


def other_order(record: dict[str, Any]) -> None:
    record["randomness"]["sources"].reverse()


@pytest.mark.parametrize("forge", [added_source, added_value, other_kind, other_order])
def test_parties_randomness_takes_nothing_but_their_secrets(forge: Change, tmp_path: Path) -> None:
    make_city_and_county()
    record = json.loads(json.dumps(record_of(revealed()), ensure_ascii=False))
    assert first_difference(verify_record(record)) is None
    assert by_script(record, tmp_path).returncode == 0

    forge(record)
    if forge is not other_kind:
        record["randomness"]["key"] = key_of(map(source_in, record["randomness"]["sources"]))

    assert difference(record).part == Part.RANDOMNESS
    assert by_script(record, tmp_path).stderr.startswith(("sources", "key", "commitments"))


SCRIPT = Path(__file__).resolve().parents[4] / "tools" / "verify_draw.py"


def by_script(record: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    """What the standalone script says, in a Python that knows nothing of us."""
    path = folder / "record.json"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return subprocess.run([sys.executable, "-I", str(SCRIPT), str(path)], capture_output=True, text=True, check=False)


def test_the_standalone_script_has_a_hundred_lines_and_no_library() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    used = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))

    assert len(text.splitlines()) <= 100
    assert used <= set(sys.stdlib_module_names)


def test_the_standalone_script_draws_the_same(record: dict[str, Any], tmp_path: Path) -> None:
    answer = by_script(record, tmp_path)

    assert (answer.stderr, answer.stdout) == ("", "Verified: 10 of 49 drawn, 2 cells.\n")


@pytest.mark.parametrize("name", [name for name in CHANGES if name not in {"format", "no checkpoint"}])
def test_the_standalone_script_finds_each_change(name: str, record: dict[str, Any], tmp_path: Path) -> None:
    CHANGES[name][0](record)

    answer = by_script(record, tmp_path)

    assert answer.returncode == 1
    assert re.search(r": recorded .*, computed |cannot be verified", answer.stderr)


def test_the_standalone_script_finds_a_changed_row(record: dict[str, Any], tmp_path: Path) -> None:
    record["frame"]["rows"][17][1] = "生产"

    assert by_script(record, tmp_path).stderr.startswith("frame: recorded ")
