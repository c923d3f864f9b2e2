"""The contract of readers: each listed one keeps to it."""

from __future__ import annotations

import pytest

from stillwatch.exchanges.detect import READER_MODULES, reader_named
from stillwatch.exchanges.reader import Document, Head, Parsed, Rejection
from stillwatch.exchanges.sources import FileSource
from tests.exchanges.makers import write
from tests.exchanges.test_detect import EXAMPLES

HOSTILE = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b'"x"',
    b"17",
    b"\x00\x01",
    b"a,b\n1,2\n",
    b'{"a": 1}\n' * 3,
    b"\xff\xfe",
]


@pytest.mark.parametrize("name", READER_MODULES)
def test_recognising_never_raises_and_an_empty_head_is_nobodys(tmp_path, name):
    reader = reader_named(name)
    assert not reader.recognises(Head(b"", ()))
    for number, data in enumerate(HOSTILE):
        assert not reader.recognises(FileSource(write(tmp_path / str(number), data)).head())


@pytest.mark.parametrize("name", [name for name in READER_MODULES if name != "canonical-parquet"])
def test_reading_what_is_not_its_format_gives_rejections_at_most(tmp_path, name):
    for number, data in enumerate([*HOSTILE, *(data for known, data in EXAMPLES if known != name)]):
        for item in reader_named(name).read([FileSource(write(tmp_path / str(number), data))]):
            assert isinstance(item, Parsed | Rejection)
            assert item.file == str(tmp_path / str(number)) and item.line >= 0


def test_the_parts_are_values():
    assert Document(1, {"a": 1}, b"") == Document(1, {"a": 1}, b"")
    assert Rejection("f", 1, None, "r", b"") != Rejection("f", 2, None, "r", b"")
