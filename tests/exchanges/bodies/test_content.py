"""Message content of every vendor comes out as the same text."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.content import (
    Piece,
    answer_text,
    canonical_role,
    content_text,
    pieces,
    run_together,
    split_turn,
    tool_call_line,
    visible_text,
)
from stillwatch.exchanges.bodies.fields import BodyError
from tests.exchanges.bodies.makers import JSON_VALUES

PICTURE = b"\x89PNG\r\n\x1a\n picture"
ENCODED = base64.b64encode(PICTURE).decode()
URL = "https://example.com/cat.png"


def sha(data: bytes | str) -> str:
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, ""),
        ("hi", "hi"),
        ([], ""),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "a\nb"),
        ([{"type": "input_text", "text": "a"}, {"type": "output_text", "text": ""}], "a"),
        ([{"text": "a"}, "b"], "a\nb"),
        ({"type": "text", "text": "a"}, "a"),
        ([{"type": "refusal", "refusal": "I can't."}], "I can't."),
        ([{"type": "thinking", "thinking": "hm", "signature": "x"}, {"type": "text", "text": "a"}], "a"),
        ([{"type": "tool_use", "name": "f", "input": {"a": 1}}], '[tool_call:f] {"a":1}'),
        ([{"type": "tool_result", "content": [{"type": "text", "text": "42"}]}], "42"),
        ([{"type": "search_result", "content": [{"type": "text", "text": "found"}], "title": "t"}], "found"),
    ],
)
def test_parts_become_text(content, text):
    assert content_text(content) == text


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{ENCODED}"}},
        {"type": "input_image", "image_url": f"data:image/png;base64,{ENCODED}"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": ENCODED}},
    ],
)
def test_the_same_picture_has_the_same_mark_on_every_api(part):
    assert content_text([part]) == f"[image:{sha(PICTURE)}]"


@pytest.mark.parametrize(
    ("part", "marked"),
    [
        ({"type": "image_url", "image_url": {"url": URL}}, f"[image:{sha(URL)}]"),
        ({"type": "image", "source": {"type": "url", "url": URL}}, f"[image:{sha(URL)}]"),
        ({"type": "input_image", "file_id": "file-1"}, f"[image:{sha('file-1')}]"),
        ({"type": "file", "file": {"file_id": "file-1"}}, f"[file:{sha('file-1')}]"),
        (
            {"type": "input_file", "file_data": f"data:application/pdf;base64,{ENCODED}"},
            f"[file:{sha(PICTURE)}]",
        ),
        ({"type": "document", "source": {"type": "text", "data": "abcd"}}, f"[file:{sha('abcd')}]"),
        (
            {"type": "input_audio", "input_audio": {"data": ENCODED, "format": "wav"}},
            f"[audio:{sha(PICTURE)}]",
        ),
        ({"type": "image", "source": {"type": "base64", "data": "cut o"}}, f"[image:{sha('cut o')}]"),
    ],
)
def test_media_are_marked_by_what_was_sent(part, marked):
    assert content_text([part]) == marked


def test_an_unknown_part_is_marked_by_its_type_and_all_of_it():
    text = content_text([{"type": "web_search_result]\n", "url": URL}])
    assert text.startswith("[web_search_result_:")
    assert "\n" not in text
    assert text != content_text([{"type": "web_search_result]\n", "url": "other"}])


def test_what_a_person_sees_has_no_tool_calls():
    content = [{"type": "text", "text": "Look:"}, {"type": "tool_use", "name": "f", "input": {}}]
    assert visible_text(content) == "Look:"
    assert visible_text(content[1:]) is None


@pytest.mark.parametrize(
    ("role", "canonical"),
    [
        ("user", "user"),
        ("Model", "assistant"),
        ("function", "tool"),
        ("developer", "system"),
        ("human", "user"),
    ],
)
def test_roles_have_four_names(role, canonical):
    assert canonical_role(role, "role") == canonical


def test_a_turn_splits_at_its_tool_results():
    turn = [Piece("result", "42"), Piece("text", "a"), Piece("mark", "[image:1]"), Piece("result", "43")]
    assert split_turn("user", turn) == [
        {"role": "tool", "content": "42"},
        {"role": "user", "content": "a\n[image:1]"},
        {"role": "tool", "content": "43"},
    ]
    assert split_turn("user", []) == [{"role": "user", "content": ""}]
    assert split_turn("assistant", [Piece("thinking", "")]) == []


def test_an_answer_cut_by_citations_is_one_text():
    cited = [Piece("text", "The sky is "), Piece("text", "blue"), Piece("call", "[tool_call:f] {}")]
    assert answer_text(run_together(cited)) == "The sky is blue"
    assert split_turn("assistant", cited) == [
        {"role": "assistant", "content": "The sky is blue\n[tool_call:f] {}"}
    ]


def test_a_call_without_arguments_has_no_trailing_blank():
    assert tool_call_line("f", None, "x") == "[tool_call:f]"
    assert tool_call_line(None, "{}", "x") == "[tool_call:] {}"


@pytest.mark.parametrize(
    "content", [7, [7], [{"type": "text", "text": 7}], [{"type": "tool_use", "name": 7}]]
)
def test_content_of_a_wrong_type_is_refused_by_place(content):
    with pytest.raises(BodyError) as raised:
        content_text(content, "messages[3].content")
    assert raised.value.field.startswith("messages[3].content")


def test_content_nested_without_end_is_refused():
    content: object = "deep"
    for _ in range(5000):
        content = [{"type": "tool_result", "content": content}]
    with pytest.raises(BodyError, match="nested"):
        content_text(content)


PART_KEYS = st.sampled_from(
    ["type", "text", "source", "image_url", "content", "name", "input", "file", "data", "url", "refusal"]
)
PART_VALUES = JSON_VALUES | st.sampled_from(["text", "image", "tool_use", "tool_result", "document", "file"])


@given(st.lists(st.dictionaries(PART_KEYS, PART_VALUES, max_size=4) | JSON_VALUES, max_size=3) | JSON_VALUES)
def test_any_content_is_text_or_refused(content):
    try:
        assert isinstance(content_text(content), str)
    except BodyError:
        return
    assert all(piece.text is not None for piece in pieces(content))
