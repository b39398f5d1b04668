"""CloudEvents in binary mode over NATS: what a header value is on the wire, and what is read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.broker import UNREADABLE, decode_headers, encode_headers, readable_headers

VALUES = [
    "隐患整改 · 二号线",
    'he said "stop", 100%',
    "%20 is not a space",
    "%E4%B8%AD stays as it was written",
    " around ",
    "tab\tline\r\nCe-Type: forged",
    "\x00\x1f\x7f\x85",
    "Euro € 😀",
    "back\\slash",
    "urn:commonwatch:schema:volunteer.report.submitted.v1",
    "",
]


@pytest.mark.parametrize("value", VALUES)
def test_any_text_survives_as_printable_ascii(value: str) -> None:
    encoded = encode_headers({"Ce-Note": value})
    assert all("!" <= letter <= "~" and letter != '"' for letter in encoded["Ce-Note"])
    assert decode_headers(encoded) == {"ce-note": value}


@given(st.text())
def test_whatever_a_person_can_type_survives(value: str) -> None:
    assert decode_headers(encode_headers({"ce-note": value}))["ce-note"] == value


def test_the_example_of_the_specification_is_encoded_as_it_says() -> None:
    assert encode_headers({"ce-x": "Euro € 😀"})["ce-x"] == "Euro%20%E2%82%AC%20%F0%9F%98%80"


def test_what_needs_no_encoding_is_readable_on_the_wire() -> None:
    plain = {"ce-time": "2026-09-30T01:00:00+00:00", "ce-source": "/volunteer", "traceparent": "00-4bf9-00f0-01"}
    assert encode_headers(plain) == plain


def test_names_are_read_in_any_case_and_values_encoded_without_need_or_in_small_letters() -> None:
    read = decode_headers({"CE-Type": "%63ommonwatch.x.v1", "Ce-Note": "%e4%b8%ad"})
    assert read == {"ce-type": "commonwatch.x.v1", "ce-note": "中"}


def test_only_one_round_is_decoded() -> None:
    assert decode_headers({"ce-note": "%2520"}) == {"ce-note": "%20"}


@pytest.mark.parametrize(
    "value",
    ["%C0%A0", "%FF", "%ED%A0%80", "%E4%B8", "fine %C3"],
    ids=["overlong", "no byte of it", "surrogate", "cut off", "cut off at the end"],
)
def test_nobody_guesses_at_what_is_not_utf_8(value: str) -> None:
    with pytest.raises(ValueError, match="codec can't decode"):
        decode_headers({"ce-note": value})
    assert readable_headers({"Ce-Id": "a%20b", "Ce-Note": value}) == {
        "ce-id": "a%20b",
        "ce-note": value,
        UNREADABLE: "yes",
    }


def test_a_value_in_quotes_is_read_without_them() -> None:
    assert decode_headers({"ce-note": '"a \\"b\\" \\\\ c"'}) == {"ce-note": 'a "b" \\ c'}
