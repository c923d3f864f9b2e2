"""Splitting bytes into JSON values: whatever the bytes, nothing raises and nothing is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.decompress import Limits
from stillwatch.exchanges.documents import documents, has_lines, line_blocks
from stillwatch.exchanges.documents import values as value_stream
from stillwatch.exchanges.errors import DamagedSourceError
from stillwatch.exchanges.reader import Document, Rejection

LIMITS = Limits()
SMALL = Limits(document_bytes=100)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
objects = st.dictionaries(st.text(), json_values, max_size=4)


def pieces_of(data: bytes, size: int = 1 << 20):
    return iter([data[i : i + size] for i in range(0, len(data), size)])


def read(data: bytes, limits: Limits = LIMITS, size: int = 1 << 20):
    return list(documents("f", pieces_of(data, size), limits))


def values(items):
    return [item.value for item in items if isinstance(item, Document)]


def refusals(items):
    return [(item.line, item.reason) for item in items if isinstance(item, Rejection)]


@given(st.binary(max_size=400))
def test_no_bytes_raise(data):
    for item in read(data):
        assert item.line >= 1
        assert isinstance(item, Document) or item.reason


@given(st.lists(objects, min_size=1), st.sampled_from(["lines", "array", "pretty", "glued", "pretty array"]))
def test_every_layout_of_the_same_objects_gives_the_same_objects(rows, layout):
    texts = [json.dumps(row) for row in rows]
    data = {
        "lines": "\n".join(texts),
        "array": json.dumps(rows),
        "pretty": "\n".join(json.dumps(row, indent=2) for row in rows),
        "glued": "".join(texts),
        "pretty array": json.dumps(rows, indent=1),
    }[layout].encode()
    items = read(data)
    assert refusals(items) == []
    assert values(items) == rows


@given(st.lists(objects, min_size=1), st.integers(1, 50), st.booleans())
def test_where_the_stream_is_cut_into_pieces_does_not_matter(rows, size, pretty):
    data = "\n".join(json.dumps(row, indent=2 if pretty else None) for row in rows).encode()
    # `documents` looks at the first MiB as a whole; the splitter below it sees the pieces.
    whole = list(value_stream("f", pieces_of(data), LIMITS))
    assert [(i.line, i.value) for i in value_stream("f", pieces_of(data, size), LIMITS)] == [
        (i.line, i.value) for i in whole
    ]


@given(st.lists(objects, min_size=2, max_size=6), st.data())
def test_a_broken_line_costs_only_itself(rows, data):
    lines = [json.dumps(row).encode() for row in rows]
    broken = data.draw(st.integers(0, len(lines) - 1))
    lines[broken] = lines[broken][:-1]
    items = read(b"\n".join([*lines, b'{"z": 1}', b""]))
    assert values(items) == [*rows[:broken], *rows[broken + 1 :], {"z": 1}]
    assert [line for line, _ in refusals(items)] == [broken + 1]


def test_lines_are_numbered_where_values_start():
    items = read(b'\n\n{"a": 1}\n\r\n{"a": 2}{"a": 3}\n')
    assert [(i.line, i.value["a"]) for i in items] == [(3, 1), (5, 2), (5, 3)]
    items = read(b'[\n {\n  "a": 1},\n\n {"a": 2}\n]')
    assert [(i.line, i.value["a"]) for i in items] == [(2, 1), (5, 2)]


def test_a_line_over_the_limit_is_skipped_and_its_neighbours_kept():
    long = b'{"a": "' + b"x" * 1000 + b'"}'
    items = read(b'{"a": 1}\n' + long + b'\n{"a": 2}\n', SMALL)
    assert values(items) == [{"a": 1}, {"a": 2}]
    assert refusals(items) == [
        (
            2,
            "longer than 100 bytes: the line was skipped; "
            "one exchange a line is expected, look at the writer",
        )
    ]


@given(st.integers(1, 300))
def test_a_line_over_the_limit_is_never_held(size):
    def endless():
        yield b'{"a": 1}\n{"b": "'
        for _ in range(5000 // size):
            yield b"x" * size
        yield b'"}\n{"a": 2}\n'

    items = line_blocks("f", endless(), SMALL, size=50)
    held = [len(item.raw if isinstance(item, Rejection) else item.data) for item in items]
    assert max(held) <= 100 + 50 + size + 20


def test_a_value_over_the_limit_in_an_array_costs_only_itself():
    long = {"a": "x" * 1000}
    items = read(json.dumps([{"a": 1}, long, {"a": 2}], indent=1).encode(), SMALL)
    assert values(items) == [{"a": 1}, {"a": 2}]
    assert len(refusals(items)) == 1


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_deep_nesting_is_refused_and_does_not_crash(opening):
    deep = b'{"deep": ' + opening * 100_000
    closed = b'{"deep": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    items = read(b'{"a": 1}\n' + deep + b"\n" + closed + b'\n{"a": 2}\n')
    assert values(items) == [{"a": 1}, {"a": 2}]
    assert [line for line, _ in refusals(items)] == [2, 3]
    assert all("nested deeper" in reason for _, reason in refusals(items))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_other_encodings_are_named(encoding):
    items = read('{"a": "ä"}\n'.encode(encoding))
    assert len(items) == 1
    assert "UTF-" in items[0].reason and "iconv" in items[0].reason


def test_a_byte_order_mark_of_utf_8_is_accepted():
    assert values(read(b'\xef\xbb\xbf{"a": 1}\n')) == [{"a": 1}]


def test_latin_1_is_refused_by_line():
    items = read('{"a": 1}\n{"a": "ä"}\n'.encode("latin-1"))
    assert values(items) == [{"a": 1}]
    assert refusals(items)[0][0] == 2 and "not UTF-8 at byte" in refusals(items)[0][1]


def test_a_truncated_last_line_is_named_and_earlier_ones_kept():
    items = read(b'{"a": 1}\n{"a": 2, "b": "tex')
    assert values(items) == [{"a": 1}]
    assert refusals(items)[0][0] == 2 and "the file ends inside this line" in refusals(items)[0][1]


def test_a_truncated_pretty_printed_value_is_named():
    items = read(b'[\n{"a": 1},\n{"a":\n')
    assert values(items) == [{"a": 1}]
    assert refusals(items) == [(3, "the file ends inside this JSON value: it is truncated")]


@pytest.mark.parametrize("layout", [b'{"a": 1}\n{"a": ', b'[{"a": 1},\n{"a": '])
def test_damage_is_reported_once_at_the_line_it_leaves_unfinished(layout):
    def breaking():
        yield layout
        raise DamagedSourceError("the gzip stream ends early")

    items = list(documents("f", breaking(), LIMITS))
    assert values(items) == [{"a": 1}]
    assert refusals(items) == [(2, "the gzip stream ends early")]


def test_a_cut_emoji_and_a_nan_are_read():
    assert values(read(b'{"a": "\\ud83d"}\n')) == [{"a": "\ud83d"}]
    assert values(read(b'{"a": NaN}\n'))[0]["a"] != 0


def test_stray_text_between_values_is_refused_not_swallowed():
    items = read(b'[{"a": 1}, 17, {"a": 2}]')
    assert values(items) == [{"a": 1}, {"a": 2}]
    assert len(refusals(items)) == 1


def test_the_layout_is_told_from_the_head():
    assert has_lines(b'{"a": 1}\n{"b": 2}\n')
    assert has_lines(b'{"a": \n{"b": 2}\n')
    assert not has_lines(b'{\n  "a": 1\n}\n')
    assert not has_lines(b'[{"a": 1}]')
    assert not has_lines(b'{"a": 1}{"a": 2}')
    assert has_lines(b'{"a": "' + b"x" * (1 << 20))
