"""Recognising a format by content, and saying what was found when none fits."""

from __future__ import annotations

import pytest

from stillwatch.exchanges.detect import READER_MODULES, is_empty, reader_named, recognise, unrecognised
from stillwatch.exchanges.errors import ReadError
from stillwatch.exchanges.sources import FileSource
from tests.exchanges.makers import exchange, jsonl, some_exchanges, write
from tests.exchanges.readers.test_apim import llm
from tests.exchanges.readers.test_batches import anthropic_result, openai_input, openai_output
from tests.exchanges.readers.test_bedrock import invocation
from tests.exchanges.readers.test_litellm_payload import payload
from tests.exchanges.readers.test_litellm_spend import as_csv, spend
from tests.exchanges.readers.test_pairs import pair
from tests.exchanges.readers.test_vertex import row

EXAMPLES = [
    ("canonical-jsonl", jsonl([exchange()])),
    ("canonical-jsonl", jsonl([exchange(metadata={"request": 1}, custom_id="c", requestId="r")])),
    ("canonical-parquet", b"PAR1\x15\x04"),
    ("litellm-payload", jsonl([payload()])),
    ("litellm-payload", jsonl([payload(), payload(id="2")])),
    ("litellm-spend", jsonl([spend()])),
    ("litellm-spend", as_csv(spend())),
    ("pairs", jsonl([pair()])),
    ("batches", jsonl([openai_input()])),
    ("batches", jsonl([openai_output()])),
    ("batches", jsonl([anthropic_result()])),
    ("bedrock", jsonl([invocation()])),
    ("vertex", jsonl([row()])),
    ("apim", jsonl([llm(1)])),
    ("otlp", jsonl([{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "00", "name": "chat"}]}]}]}])),
]


@pytest.mark.parametrize("name", READER_MODULES)
def test_every_listed_reader_exists_under_its_name(name):
    assert reader_named(name).name == name


def test_the_canonical_record_is_recognised_under_any_file_name(tmp_path):
    source = FileSource(write(tmp_path / "log.txt.gz", jsonl(some_exchanges(2))))
    reader = recognise(source)
    assert reader is not None and reader.name == "canonical-jsonl"


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ReadError, match=r"known are .*canonical-jsonl"):
        reader_named("csv")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'{"b": 1, "a": 2}\n', "JSON objects with the keys a, b"),
        (b'{"account_id": "a", "plan": "x"}\n', "pass it with --accounts"),
        (b"[[1]]\n", "text beginning"),
        (b"host - - [02/Nov/2026] GET /\n", "text beginning 'host"),
        (b"\x00\x01\x02", "binary data"),
        (b'"text"\n17\n', "JSON values of type str"),
    ],
)
def test_what_was_found_is_said(tmp_path, data, found):
    source = FileSource(write(tmp_path / "a", data))
    assert recognise(source) is None
    assert found in unrecognised(source) and "--reader" in unrecognised(source)


def test_white_space_is_empty(tmp_path):
    assert is_empty(FileSource(write(tmp_path / "a", b"")))
    assert is_empty(FileSource(write(tmp_path / "b.gz", b"\n \n")))
    assert not is_empty(FileSource(write(tmp_path / "c", b"x")))


@pytest.mark.parametrize(("name", "data"), EXAMPLES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(EXAMPLES)])
def test_each_format_is_recognised_by_its_own_reader_and_no_other(tmp_path, name, data):
    head = FileSource(write(tmp_path / "log", data)).head()
    assert [known for known in READER_MODULES if reader_named(known).recognises(head)] == [name]


def test_every_format_has_an_example_here():
    assert {name for name, _ in EXAMPLES} == set(READER_MODULES)
