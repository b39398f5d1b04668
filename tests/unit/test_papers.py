import sys
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parent.parent / "service"))

from papers import PAPERS, PICTURES

from services.inspection.documents.domain import Paper, code_of, number_of, paper_of, read_code
from services.inspection.documents.domain.codes import read_digest
from services.inspection.documents.domain.papers import PICTURES_IN_ALL, with_pictures
from services.inspection.documents.domain.printable import SHOWN_AS_NOTHING, missing, printable
from shared.contracts.inspection import DocumentKind

ASCII = frozenset(range(0x20, 0x7F))


def test_a_number_names_authority_kind_year_and_place():
    assert number_of("云湖县应急管理局", DocumentKind.ONSITE_MEASURE, 2026, 123) == (
        "云湖县应急管理局现决〔2026〕000123号"
    )


def test_another_word_or_another_document_has_another_code():
    data = {"what": "dust"}
    code = code_of(UUID(int=1), data)
    assert code == code_of(UUID(int=1), {"what": "dust"})
    assert len({code, code_of(UUID(int=2), data), code_of(UUID(int=1), {"what": "Dust"})}) == 3
    assert len(code) == 20


def test_a_code_is_read_as_people_copy_it():
    code = code_of(UUID(int=1), {})
    groups = " ".join(code[at : at + 4] for at in range(0, 20, 4)).lower()
    assert read_code(groups) == code
    assert read_code(code.replace("0", "o").replace("1", "l")) == code
    assert read_code(code[:-1]) is None
    assert read_code("U" * 20) is None


def test_a_digest_is_hexadecimal_and_whole():
    assert read_digest(" " + "A" * 64) == "a" * 64
    assert read_digest("a" * 63) is None
    assert read_digest("１" * 64) is None


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.kind)
def test_a_paper_is_read_as_it_was_committed(paper: Paper):
    assert paper_of(paper.model_dump(mode="json")) == paper


def test_pictures_are_bounded_and_what_is_left_out_is_counted():
    items = with_pictures([("x", list(PICTURES) * 2, None)] * 6)
    assert sum(len(item.pictures) for item in items) == PICTURES_IN_ALL
    assert [item.left_out for item in items] == [3, 3, 3, 3, 6, 6]


@settings(max_examples=50)
@given(st.text())
def test_nothing_is_left_out_in_silence(text: str):
    shown = printable(text, ASCII)
    for letter in set(text):
        code = ord(letter)
        if code in ASCII:
            assert letter in shown
        elif code not in SHOWN_AS_NOTHING and not letter.isspace() and code > 0x9F:
            assert f"U+{code:04X}" in shown


def test_what_turns_the_direction_of_writing_is_shown_and_not_obeyed():
    assert printable("a\u202eb\u2066c", ASCII | {0x202E, 0x2066}) == "a〔U+202E〕b〔U+2066〕c"


def test_what_no_font_can_show_is_found():
    assert missing("dust \U000e0041\u202e\n", ASCII) == ["\u202e", "\U000e0041"]


def test_a_run_without_a_place_to_break_gets_some():
    shown = printable("x" * 100, ASCII)
    assert max(map(len, shown.split("\u200b"))) == 20
    assert shown.replace("\u200b", "") == "x" * 100
    assert printable("隐患" * 100, frozenset(map(ord, "隐患"))) == "隐患" * 100


def test_data_keep_their_shape():
    assert printable({"a": ["\t", 1, None, True]}, ASCII) == {"a": ["    ", 1, None, True]}
