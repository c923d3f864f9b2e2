"""Byte order marks."""

from __future__ import annotations

import pytest

from stillwatch.exchanges.encodings import BOM, wide_encoding, without_bom, wrong_encoding


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-8", None),
    ],
)
def test_wide_text_is_known_by_its_mark_or_its_zeros(codec, name):
    assert wide_encoding('{"a": 1}'.encode(codec)) == name


def test_a_mark_is_dropped_once_and_only_at_the_start():
    assert list(without_bom(iter([BOM + b"a", BOM]))) == [b"a", BOM]
    assert b"".join(without_bom(iter([]))) == b""


def test_a_refusal_names_the_tool():
    assert "iconv -f UTF-16 -t UTF-8" in wrong_encoding("f", "UTF-16", b"x" * 9000).reason
    assert len(wrong_encoding("f", "UTF-16", b"x" * 9000).raw) == 4096
