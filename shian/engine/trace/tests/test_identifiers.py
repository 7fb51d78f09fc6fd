"""Identifiers have one canonical form, whichever way they are written."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shian.engine.trace.rules.identifiers import BadIdentifier, Level, canonical, check_digit, readable, urn_of

DL = "https://id.gs1.org/"
# Facts of the GS1 EPC Tag Data Standard and of the CBV's own table of forms; the numbers are those of public examples
# (RalphTro/epcis-event-hash-generator, tests: every scheme once).
FORMS = [
    ("urn:epc:id:sgtin:4012345.011111.98%22", "01/04012345111118/21/98%22", Level.INSTANCE),
    ("urn:epc:id:sgtin:415056789012.0.987654", "01/04150567890128/21/987654", Level.INSTANCE),
    ("urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F()",
     "01/80614141123458/21/6789%2F%26%25%22%21%3F%28%29", Level.INSTANCE),
    ("urn:epc:id:sscc:4012345.0000000333", "00/040123450000003338", Level.INSTANCE),
    ("urn:epc:id:sgln:4012345.00005.122", "414/4012345000054/254/122", Level.PLACE),
    ("urn:epc:id:sgln:4012345.00005.0", "414/4012345000054", Level.PLACE),
    ("urn:epc:id:grai:4012345.00022.334455", "8003/04012345000221334455", Level.INSTANCE),
    ("urn:epc:id:giai:4012345.ABC345", "8004/4012345ABC345", Level.INSTANCE),
    ("urn:epc:id:gsrn:4012345.0000006765", "8018/401234500000067657", Level.INSTANCE),
    ("urn:epc:id:gsrnp:4012345.0000000007", "8017/401234500000000074", Level.INSTANCE),
    ("urn:epc:id:gdti:4012345.00009.PO-4711", "253/4012345000092PO-4711", Level.INSTANCE),
    ("urn:epc:id:gdti:987659999999..9", "253/98765999999929", Level.INSTANCE),
    ("urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234",
     "8010/061414111111111111111-A%23%2F/8011/1234", Level.INSTANCE),
    ("urn:epc:id:ginc:0614141.xyz47%2F11", "401/0614141xyz47%2F11", Level.INSTANCE),
    ("urn:epc:id:gsin:4012345.222333444", "402/40123452223334442", Level.INSTANCE),
    ("urn:epc:id:itip:4012345.011111.01.02.987", "8006/040123451111180102/21/987", Level.INSTANCE),
    ("urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7SDB",
     "01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7SDB", Level.INSTANCE),
    ("urn:epc:id:pgln:4000001.00000", "417/4000001000005", Level.PARTY),
    ("urn:epc:id:pgln:999999999999.", "417/9999999999994", Level.PARTY),
    ("urn:epc:class:lgtin:4012345.012345.Lot987", "01/04012345123456/10/Lot987", Level.CLASS),
    ("urn:epc:idpat:sgtin:4012345.012345.*", "01/04012345123456", Level.CLASS),
    ("urn:epc:idpat:grai:4012345.99999.*", "8003/04012345999990", Level.CLASS),
    ("urn:epc:idpat:gdti:4012345.11111.*", "253/4012345111118", Level.CLASS),
    ("urn:epc:idpat:sgcn:4012345.22222.*", "255/4012345222227", Level.CLASS),
    ("urn:epc:idpat:cpi:4012345.AB12.*", "8010/4012345AB12", Level.CLASS),
    ("urn:epc:idpat:itip:4012345.012345.01.02.*", "8006/040123451234560102", Level.CLASS),
    ("urn:epc:idpat:upui:4012345.012345.*", "01/04012345123456", Level.CLASS),
    ("https://example.com/some/path/01/09780345418913/21/765tz?abc=211121", "01/09780345418913/21/765tz",
     Level.INSTANCE),
    ("http://id.gs1.org/01/9780345418913", "01/09780345418913", Level.CLASS),
    ("https://id.gs1.org/01/9780345418913/22/344/10/1223/21/765tz", "01/09780345418913/21/765tz", Level.INSTANCE),
    ("https://gs1.test.example.org/01/9780345418913/10/1223", "01/09780345418913/10/1223", Level.CLASS),
    ("https://shop.example/8006/040123451234560102/10/Lot-123/21/ser987", "8006/040123451234560102/21/ser987",
     Level.INSTANCE),
    ("https://id.gs1.org/8006/040123451234560102/22/AB/10/XYZ", "8006/040123451234560102/10/XYZ", Level.CLASS),
]  # fmt: skip


@pytest.mark.parametrize(("written", "path", "level"), FORMS, ids=[form[0][:40] for form in FORMS])
def test_every_form_has_its_canonical_form(written: str, path: str, level: Level) -> None:
    found = canonical(written)

    assert (found.uri, found.level) == (DL + path, level)
    assert canonical(found.uri) == found


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("urn:epc:id:sgtin:4012345.01111.1", "digits"),
        ("urn:epc:id:sgtin:40.12345011111.1", "company_prefix"),
        ("urn:epc:id:sgtin:4012345.011111", "parts"),
        ("urn:epc:id:sgtin:4012345.01111٣.1", "digits"),
        ("urn:epc:idpat:sgtin:4012345.*.*", "pattern"),
        ("urn:epc:id:lgtin:4012345.012345.L", "unknown_scheme"),
        ("urn:epc:id:nothing:4012345.012345.L", "unknown_scheme"),
        ("https://id.gs1.org/01/06901234567890/10/A1", "check_digit"),
        ("https://id.gs1.org/01/97803", "bad_value"),
        ("https://id.gs1.org/01/06901234567892/10/" + "A" * 21, "bad_value"),
        ("not a uri", "not_a_uri"),
        ("https://example.org/a b", "not_a_uri"),
        ("https://example.org/" + "x" * 600, "too_long"),
    ],
)
def test_what_is_none_is_refused_by_name(written: str, reason: str) -> None:
    with pytest.raises(BadIdentifier) as refused:
        canonical(written)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "uri",
    [
        "https://trace.example.org/lot/LL/2023100200017",
        "https://trace.example.org/party/P0421",
        "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
        "urn:epcglobal:cbv:bt:5200001000008:4711",
        "https://example.org/123/4012345/456/4711",
        "geo:39.5,116.7",
    ],
)
def test_private_uris_stay_as_they_are(uri: str) -> None:
    assert canonical(uri).uri == uri
    assert canonical(uri).level == Level.OTHER


def test_numbers_of_chinese_firms_go_back_to_urns() -> None:
    """GB 12904 tells how long a prefix is; elsewhere the identifier stays a Digital Link."""
    assert urn_of(canonical(f"{DL}01/06901234567892/10/A1")) == "urn:epc:class:lgtin:6901234.056789.A1"
    assert urn_of(canonical(f"{DL}01/04012345123456/10/A1")) == f"{DL}01/04012345123456/10/A1"


digits = st.text("0123456789", min_size=13, max_size=13)
serials = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20).filter(
    lambda s: s != "*"
)


@given(number=digits, length=st.integers(6, 12), serial=serials, kind=st.sampled_from(["21", "10"]))
def test_the_way_there_and_back(number: str, length: int, serial: str, kind: str) -> None:
    found = canonical(f"{DL}01/{number}{check_digit(number)}/{kind}/{quote(serial, safe='')}")

    assert canonical(urn_of(found, length)) == found


@given(number=digits, place=st.integers(0, 12), change=st.integers(1, 9))
def test_one_wrong_digit_never_passes(number: str, place: int, change: int) -> None:
    wrong = str((int(number[place]) + change) % 10)

    assert check_digit(number[:place] + wrong + number[place + 1 :]) != check_digit(number)


@given(st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    try:
        found = canonical(text)
    except BadIdentifier:
        return
    assert canonical(found.uri) == found


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("https://id.gs1.org/01/06901234567892/10/A%2F1", "(01)06901234567892(10)A/1"),
        ("https://id.gs1.org/414/6901234567892", "(414)6901234567892"),
        ("https://trace.example.org/lot/1", "https://trace.example.org/lot/1"),
        ("urn:shian:lot:R1", "urn:shian:lot:R1"),
    ],
)
def test_a_link_is_read_as_it_is_printed_beside_its_code(uri, told):
    assert readable(uri) == told
