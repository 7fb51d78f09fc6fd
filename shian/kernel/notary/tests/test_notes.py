"""Signed notes against the examples of C2SP signed-note, tlog-cosignature and the format's first implementation."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shian.kernel.notary.notes import (
    COSIGNATURE,
    BadKey,
    BadNote,
    CheckpointText,
    SignerKey,
    VerifierKey,
    cosigned_message,
    open_note,
    parse_note,
    signature_line,
    signed_note,
    verify_signature,
)

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
SPECIFIED = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPECIFIED_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
COSIGNED = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
KEY = VerifierKey.parse(PETER)


def test_keys_have_the_published_ids_and_texts() -> None:
    signer = SignerKey.parse(PETER_PRIVATE)

    assert str(signer.verifier) == PETER
    assert signer.text() == PETER_PRIVATE
    assert str(VerifierKey.parse(SPECIFIED)) == SPECIFIED


def test_the_published_note_is_signed_byte_by_byte() -> None:
    assert signed_note(TEXT, [SignerKey.parse(PETER_PRIVATE)]) == f"{TEXT}\n{BY_PETER}"


def test_published_notes_open_for_whoever_knows_a_key() -> None:
    both = f"{TEXT}\n{BY_PETER}{BY_ENOCH}"

    assert open_note(both, [KEY]) == open_note(both, [VerifierKey.parse(ENOCH)]) == TEXT
    assert open_note(SPECIFIED_NOTE, [VerifierKey.parse(SPECIFIED)]) == "This is an example message.\n"


@pytest.mark.parametrize(
    "note",
    [
        f"{TEXT}\n{BY_ENOCH}",
        f"{TEXT.replace('answer', 'Answer')}\n{BY_PETER}",
        f"{TEXT}\n{BY_PETER.replace('x08go/', 'x08go+')}",
        f"{TEXT}{BY_PETER}",
        f"{TEXT}\n{BY_PETER}".rstrip("\n"),
        f"{TEXT}\n",
        f"{TEXT}\n{BY_PETER.replace('— ', '- ')}",
        f"{TEXT}\n{BY_PETER.replace('nAM=', 'nAN=')}",
        f"a\tb\n{TEXT}\n{BY_PETER}",
        f"{TEXT}\n{BY_PETER}" * 500,
    ],
)
def test_a_note_that_is_not_signed_by_a_known_key_does_not_open(note: str) -> None:
    with pytest.raises(BadNote):
        open_note(note, [KEY])


@pytest.mark.parametrize("place", range(len(PETER)))
def test_no_changed_byte_makes_another_key(place: int) -> None:
    with pytest.raises(BadKey):
        VerifierKey.parse(PETER[:place] + chr(ord(PETER[place]) + 1) + PETER[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "",
        "a",
    ],
)
def test_keys_of_wrong_length_or_kind_are_refused(text: str) -> None:
    with pytest.raises(BadKey):
        VerifierKey.parse(text)
    with pytest.raises(BadKey):
        SignerKey.parse(text)


def test_the_published_cosigned_checkpoint_is_read() -> None:
    note = parse_note(COSIGNED)
    checkpoint = CheckpointText.parse(note.text)

    assert str(checkpoint) == note.text
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    log, witness = note.signatures
    assert (log.name, len(log.data)) == ("example.com/behind-the-sofa", 64)
    assert int.from_bytes(witness.data[:8], "big") == 1679315147
    assert len(witness.data) == 72


def test_a_cosignature_is_verified_with_its_time() -> None:
    private = Ed25519PrivateKey.generate()
    key = VerifierKey("witness.example/w1", private.public_key().public_bytes_raw(), COSIGNATURE)
    text = "example.com/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosigned_message(text, 7) == f"cosignature/v1\ntime 7\n{text}".encode()
    line = signature_line(key, (7).to_bytes(8, "big") + private.sign(cosigned_message(text, 7)))
    signature = parse_note(f"{text}\n{line}").signatures[0]

    assert verify_signature(VerifierKey.parse(str(key)), signature, text) == 7
    with pytest.raises(BadNote):
        verify_signature(key, signature, text.replace("1", "2"))


@pytest.mark.parametrize(
    "text", ["", "a\n01\nAA==\n", "a\n1\nAA==\n", "a\n1\n", "\n1\n" + "A" * 43 + "=\n", "a\n-1\n\n"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        CheckpointText.parse(text)
