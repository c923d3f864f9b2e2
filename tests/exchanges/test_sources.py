"""Inputs as people name them."""

from __future__ import annotations

import io
import os
import sys

import pytest

from stillwatch.exchanges.errors import DamagedSourceError, ReadError
from stillwatch.exchanges.reader import Document
from stillwatch.exchanges.sources import FileSource, expand
from tests.exchanges.makers import jsonl, some_exchanges, write


def names(*inputs):
    with expand(inputs) as found:
        return [source.path.name for source in found.sources]


def test_directories_are_read_recursively_in_sorted_order_without_hidden_files(tmp_path):
    for name in ["b.jsonl", "a/z.jsonl", "a/b/c.jsonl", ".hidden", "_SUCCESS", "_log/x.json"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    assert names(tmp_path) == ["c.jsonl", "z.jsonl", "b.jsonl"]
    assert names(str(tmp_path / "**" / "*.jsonl")) == ["c.jsonl", "z.jsonl", "b.jsonl"]


def test_a_file_named_twice_is_read_once(tmp_path):
    write(tmp_path / "a.jsonl", b"{}")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "a.jsonl")
    assert names(tmp_path / "a.jsonl", tmp_path, str(tmp_path / "*.jsonl")) == ["a.jsonl"]


def test_a_file_whose_name_is_a_pattern_is_a_file(tmp_path):
    write(tmp_path / "a[1].jsonl", b"{}")
    assert names(tmp_path / "a[1].jsonl") == ["a[1].jsonl"]


@pytest.mark.parametrize("given", ["none.jsonl", "*.none", "empty"])
def test_an_input_that_stands_for_nothing_is_an_error(tmp_path, given):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError, match=r"no such file|holds no files"):
        expand([tmp_path / given])
    with pytest.raises(ReadError, match="no input"):
        expand([])


def test_standard_input_is_spooled_and_the_spool_removed(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(b'{"a": 1}\n')

    monkeypatch.setattr(sys, "stdin", Stdin)
    with expand(["-"]) as found:
        (source,) = found.sources
        assert source.name == "<stdin>"
        assert [d.value for d in source.documents()] == [{"a": 1}]
        spool = source.path
    assert not spool.exists()


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.zst"])
def test_a_source_can_be_read_again_and_again_compressed_or_not(tmp_path, name):
    source = FileSource(write(tmp_path / name, jsonl(some_exchanges(30))))
    assert len(source.head().documents) == 20
    for _ in range(2):
        assert sum(isinstance(d, Document) for d in source.documents()) == 30
    assert b"".join(source.chunks(100)) == jsonl(some_exchanges(30))
    assert source.bytes_read == source.size()


def test_a_first_line_longer_than_the_head_still_tells_the_format(tmp_path):
    rows = some_exchanges(2)
    rows[0]["output"] = "x" * (3 << 20)
    head = FileSource(write(tmp_path / "a.jsonl", jsonl(rows))).head()
    assert len(head.data) == 1 << 20
    assert [d["exchange_id"] for d in head.documents] == ["x0", "x1"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_rights_says_so(tmp_path):
    path = write(tmp_path / "a.jsonl", b"{}")
    path.chmod(0)
    with pytest.raises(DamagedSourceError, match="check the path and its rights"):
        FileSource(path).magic()


def test_binary_data_has_no_values(tmp_path):
    assert FileSource(write(tmp_path / "a.bin", bytes(range(256)) * 100)).head().documents == ()
