"""Serials and tokens: only what our own keys signed, letter for letter, is a code."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shian.domains.census.rules.codes import ALPHABET, serial_in, serial_of, signed_token, spaced
from shian.kernel.notary.notes import SignerKey

OWN = SignerKey("codes", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = SignerKey("codes", Ed25519PrivateKey.from_private_bytes(bytes(32)))
SERIAL = serial_of(bytes.fromhex("00112233445566778899"))
TOKEN = signed_token(SERIAL, OWN)
KEYS = [OWN.verifier]


@pytest.mark.parametrize(
    ("random", "serial"),
    [
        (bytes(10), "0" * 16),
        (b"\xff" * 10, "Z" * 16),
        ((1).to_bytes(10, "big"), "0" * 15 + "1"),
        ((31 << 75).to_bytes(10, "big"), "Z" + "0" * 15),
        ((32 << 5).to_bytes(10, "big"), "0" * 13 + "100"),
    ],
)
def test_serial_writes_eighty_bits_in_the_letters_of_crockford(random, serial):
    assert serial_of(random) == serial


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_different_bits_are_different_serials(one, two):
    assert set(serial_of(one)) <= set(ALPHABET)
    assert (serial_of(one) == serial_of(two)) == (one == two)


def test_serial_is_read_out_in_groups_of_four():
    assert spaced("0123456789ABCDEF") == "0123 4567 89AB CDEF"


def test_token_is_known_by_the_key_that_signed_it():
    assert len(TOKEN) == 102
    assert serial_in(TOKEN, KEYS) == SERIAL
    assert serial_in(TOKEN, [OTHER.verifier]) == ""
    assert serial_in(TOKEN, []) == ""


def test_token_of_an_older_key_is_accepted_while_the_key_is_kept():
    assert serial_in(TOKEN, [OTHER.verifier, OWN.verifier]) == SERIAL


def test_every_changed_letter_spoils_the_token():
    letters = ALPHABET + "abcdefghijklmnopqrstuvwxyz-_"
    for place, letter in enumerate(TOKEN):
        other = letters[(letters.index(letter) + 1) % len(letters)] if letter in letters else "A"
        assert serial_in(TOKEN[:place] + other + TOKEN[place + 1 :], KEYS) == "", place


def test_second_spelling_of_the_same_signature_is_refused():
    """The last letter carries four bits that mean nothing: only one of its sixteen spellings is ours."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    first = alphabet.index(TOKEN[-1]) // 16 * 16
    accepted = [end for end in alphabet[first : first + 16] if serial_in(TOKEN[:-1] + end, KEYS)]

    assert accepted == [TOKEN[-1]]


@pytest.mark.parametrize(
    "text", ["", SERIAL, TOKEN[:-1], TOKEN + "A", TOKEN.lower(), f" {TOKEN}", f"{TOKEN}\n", "é" * 102]
)
def test_other_texts_are_no_tokens(text):
    assert serial_in(text, KEYS) == ""


@given(st.text(alphabet=ALPHABET, min_size=16, max_size=16))
def test_signature_of_one_serial_does_not_fit_another(serial):
    assert serial_in(serial + TOKEN[16:], KEYS) == (SERIAL if serial == SERIAL else "")


def test_signature_covers_a_prefix_so_that_no_other_use_of_the_key_makes_a_code():
    import base64

    bare = base64.urlsafe_b64encode(OWN.private.sign(SERIAL.encode())).decode().rstrip("=")

    assert serial_in(SERIAL + bare, KEYS) == ""
