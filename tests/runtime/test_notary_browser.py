"""What the verify button computes: our TypeScript, run by Node, against proofs and hashes that Python made."""

import copy
import hashlib
import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shian.config.home import PROJECT
from shian.kernel.notary.actions import sequence
from shian.kernel.notary.models import Entry
from shian.kernel.notary.proofs import proof_of
from shian.kernel.notary.queries import numbered
from shian.kernel.notary.tests.factories import AT, sealed, sequenced

FOLDER = PROJECT / "frontend" / "islands" / "verify"
NODE = PROJECT / "node_modules" / ".bin"
RUN = """
import { readFileSync } from 'node:fs'
const told = JSON.parse(readFileSync(0, 'utf8'))
if (told.withoutEd25519) crypto.subtle.importKey = async () => { throw new DOMException('', 'NotSupportedError') }
const { verify, filesNamed, readKey } = await import('./proof.js')
const { sha256 } = await import('./sha256.js')
const attempt = async ([proof, keys]) => { try { return await verify(proof, keys) } catch (error) { return 'refused' } }
console.log(JSON.stringify({
  outcomes: await Promise.all((told.proofs ?? []).map(attempt)),
  digests: (told.messages ?? []).map((text) => Buffer.from(sha256(Buffer.from(text, 'hex'))).toString('hex')),
  files: (told.entries ?? []).map((entry) => [...filesNamed(entry)]),
  keys: (told.keys ?? []).map((key) => readKey(key) !== null),
}))
"""
Script = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Script:
    """The modules as the browser gets them, called with JSON."""
    folder = tmp_path_factory.mktemp("verify")
    sources = [str(FOLDER / name) for name in ("proof.ts", "sha256.ts")]
    terms = ["--ignoreConfig", "--target", "es2022", "--module", "esnext", "--lib", "es2022,dom,dom.iterable"]
    terms += ["--moduleResolution", "bundler", "--skipLibCheck", "--types", "", "--outDir", str(folder)]
    subprocess.run([str(NODE / "tsc"), *terms, *sources], check=True, cwd=PROJECT, timeout=120)
    compiled = folder / "proof.js"
    compiled.write_text(compiled.read_text().replace("./sha256", "./sha256.js"))
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "run.js").write_text(RUN)

    def run(**told: Any) -> dict[str, Any]:
        done = subprocess.run(
            ["node", str(folder / "run.js")], input=json.dumps(told), capture_output=True, text=True, timeout=60,
            check=True,
        )  # fmt: skip
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return run


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: Any) -> None:
    settings.SHIAN_HOME = tmp_path


def proofs() -> list[dict[str, Any]]:
    """The proofs of nine entries under one head, as proof.json tells them."""
    sequenced(8)
    sealed(subject="operators.operator:A1", photo=hashlib.sha256(b"photo").hexdigest(), name="后厨“一号”")
    sequence(at=AT)
    return [proof_of(entry).as_json() for entry in numbered(Entry.objects.order_by("pk"))]


def outcomes(script: Script, tried: list[dict[str, Any]], **told: Any) -> list[Any]:
    found: list[Any] = script(proofs=[[proof, proof.get("keys", [])] for proof in tried], **told)["outcomes"]
    return found


HOLDS = {"leaf": True, "tree": True, "signature": True, "size": 9}


@pytest.mark.django_db
def test_every_proof_of_the_log_holds(script: Script) -> None:
    assert outcomes(script, proofs()) == [HOLDS] * 9


@pytest.mark.django_db
def test_a_changed_byte_anywhere_in_a_proof_fails(script: Script) -> None:
    proof, dice = proofs()[-1], random.Random(7)
    changed = []
    for name in ("entry", "salt", "checkpoint"):
        for place in dice.sample(range(len(proof[name])), min(40, len(proof[name]))):
            other = "b" if proof[name][place] == "a" else "a"
            changed.append({**proof, name: proof[name][:place] + other + proof[name][place + 1 :]})
    for step in range(len(proof["path"])):
        wrong = copy.deepcopy(proof)
        wrong["path"][step] = hashlib.sha256(wrong["path"][step].encode()).hexdigest()
        changed.append(wrong)
    paths = [proof["path"][1:], [*proof["path"], "00" * 32], []]
    changed += [{**proof, "leaf": 7}, *({**proof, "path": path} for path in paths)]

    answers = outcomes(script, changed)

    assert len(answers) > 80
    assert [each for each in answers if each == HOLDS] == []
    assert all(each == "refused" or False in each.values() for each in answers)


@pytest.mark.django_db
def test_another_key_or_none_is_no_signature(script: Script) -> None:
    proof = proofs()[0]
    other = "localhost/log/other+" + proof["keys"][0].split("+", 1)[1]

    answers = script(proofs=[[proof, [other]], [proof, []]])["outcomes"]

    assert [each["signature"] for each in answers] == [False, False]
    assert [each["tree"] for each in answers] == [True, True]


@pytest.mark.django_db
def test_a_browser_without_ed25519_says_so_and_still_checks_the_tree(script: Script) -> None:
    proof = proofs()[3]
    changed = {**proof, "entry": proof["entry"].replace("alice", "mallory")}

    answers = outcomes(script, [proof, changed], withoutEd25519=True)

    assert answers[0] == {**HOLDS, "signature": None}
    assert (answers[1]["leaf"], answers[1]["tree"]) == (False, False)


@pytest.mark.django_db
def test_an_entry_without_leaf_waits(script: Script) -> None:
    entry = sealed()
    told = proof_of(numbered(Entry.objects.filter(pk=entry.pk)).get()).as_json()

    assert outcomes(script, [told]) == [{"leaf": True, "tree": None, "signature": None, "size": 0}]


@pytest.mark.django_db
def test_files_that_an_entry_names_are_found_and_keys_are_read(script: Script) -> None:
    proof = proofs()[-1]
    key = proof["keys"][0]

    answer = script(entries=[proof["entry"]], keys=[key, key[:-1] + ("A" if key[-1] != "A" else "B"), "x", ""])

    assert answer["files"] == [[hashlib.sha256(b"photo").hexdigest()]]
    assert answer["keys"] == [True, False, False, False]


def test_sha256_is_that_of_the_standard(script: Script) -> None:
    dice = random.Random(5)
    messages = [dice.randbytes(length) for length in [*range(130), 1_000, 65_537]]

    digests = script(messages=[each.hex() for each in messages])["digests"]

    assert digests == [hashlib.sha256(each).hexdigest() for each in messages]
