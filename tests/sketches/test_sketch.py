"""The whole stage: what a sketch says, and what must never change it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.sketches import reference, sketch, sketch_stream
from stillwatch.sketches.keyring import Purpose, keyring
from stillwatch.sketches.schema import SKETCH_SCHEMA
from stillwatch.sketches.scripts import Script

from .makers import NOON, OTHER, SECRET, batch, exchange, texts, turn

RING = keyring(SECRET)
ANSWER = "The harbour lies to the north of the old town, behind the customs house and the mole."
CARRIED = [f.name for f in SKETCH_SCHEMA if f.name in EXCHANGE_SCHEMA.names]


def one(**said: Any) -> dict[str, Any]:
    """Sketch of a single exchange."""
    (row,) = sketch(batch(exchange(**said)), SECRET).to_pylist()
    return row


def turns() -> st.SearchStrategy[list[dict[str, str | None]]]:
    role = st.sampled_from(["user", "assistant", "tool"])
    return st.lists(st.builds(turn, role, st.none() | texts()), max_size=5)


def exchanges() -> st.SearchStrategy[dict[str, Any]]:
    maybe = st.none() | texts()
    return st.builds(
        exchange,
        system=maybe,
        output=maybe,
        messages=st.none() | turns(),
        ip=st.none() | st.just("192.0.2.7"),
    )


@settings(max_examples=60)
@given(exchanges())
def test_text_columns_are_those_of_the_definition(said: dict[str, Any]) -> None:
    row = one(**said)
    sent = [(t["role"], t["content"] or "") for t in said["messages"] or []]
    last = next((content for role, content in reversed(sent) if role == "user"), None)
    system, output = said["system"], said["output"]

    def sealed(text: str | None, purpose: Purpose) -> list[int]:
        chosen = reference.choose(reference.marks(text or "", RING))
        return sorted(reference.seal(h, purpose, RING) for h in chosen)

    assert sorted(row["system_shingles"]) == sealed(system, Purpose.SYSTEM_SHINGLES)
    assert sorted(row["user_shingles"]) == sealed(last, Purpose.USER_SHINGLES)
    assert sorted(row["output_marks"]) == sealed(output, Purpose.MARKS)
    quoted = {reference.seal(h, Purpose.MARKS, RING) for h in reference.quoted(sent, RING)}
    assert sorted(row["quoted_marks"]) == sorted(quoted)
    assert row["output_key"] == (None if output is None else reference.answer_key(output, RING))
    shown = [reference.answer_key(content, RING) for role, content in sent if role == "assistant"]
    assert row["history_keys"] == [key for key in shown if key is not None]
    assert row["prefix_keys"] == reference.prefix_keys(sent, RING)
    assert row["user_chars"] == (None if last is None else len(last))
    assert row["script"] == (None if last is None else reference.dominant_script(last))
    words = 0 if not reference.fold(output or "") else len(reference.tokens(output))
    assert row["output_words"] == (None if output is None else words)


@settings(max_examples=25)
@given(st.lists(exchanges(), min_size=1, max_size=12), st.data())
def test_splitting_slicing_and_ordering_change_nothing(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    whole = batch(*rows)
    expected = sketch(whole, SECRET).to_pylist()
    cut = data.draw(st.integers(0, len(rows)))
    halves = [sketch(part, SECRET) for part in (whole.slice(0, cut), whole.slice(cut))]
    assert [row for half in halves for row in half.to_pylist()] == expected
    order = data.draw(st.permutations(range(len(rows))))
    shuffled = sketch(whole.take(pa.array(order, pa.int64())), SECRET).to_pylist()
    assert shuffled == [expected[i] for i in order]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_change_neither_rows_nor_their_order(threads: int) -> None:
    batches = [batch(exchange(exchange_id=f"e{i}", output=ANSWER * i)) for i in range(12)]
    found = [b.to_pylist() for b in sketch_stream(iter(batches), SECRET, threads)]
    assert found == [sketch(b, SECRET).to_pylist() for b in batches]


@pytest.mark.parametrize("threads", [1, 3])
def test_what_requests_are_after_is_told_by_whoever_is_asked_while_there_is_text(threads: int) -> None:
    batches = [batch(*(exchange(output=ANSWER * (i + k)) for k in range(3))) for i in range(8)]

    def letters(rows: pa.RecordBatch) -> pa.Array:
        return pc.utf8_length(rows["output"]).cast(pa.int64())

    found = list(sketch_stream(iter(batches), SECRET, threads, letters))
    assert [b.schema for b in found] == [SKETCH_SCHEMA] * len(batches)
    assert [b["intents"].to_pylist() for b in found] == [letters(b).to_pylist() for b in batches]
    for seen, rows in zip(found, batches, strict=True):
        plain = sketch(rows, SECRET)
        assert plain["intents"].null_count == plain.num_rows
        assert seen.drop_columns(["intents"]).equals(plain.drop_columns(["intents"]))


def test_a_stream_is_read_no_further_ahead_than_the_threads_need() -> None:
    taken = 0

    def source() -> Iterator[pa.RecordBatch]:
        nonlocal taken
        for i in range(50):
            taken += 1
            yield batch(exchange(exchange_id=f"e{i}"))

    stream = sketch_stream(source(), SECRET, threads=2)
    next(stream)
    assert taken <= 4
    stream.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("sketch")]


def test_a_bare_exchange_has_nothing_but_its_identity() -> None:
    row = one()
    assert row["exchange_key"] is not None and row["account_key"] is not None and row["time"] == NOON
    for field in SKETCH_SCHEMA:
        if field.name in ("exchange_id", "account_id", "time", "exchange_key", "account_key"):
            continue
        assert row[field.name] == ([] if pa.types.is_list(field.type) else None), field.name


def test_empty_is_not_missing() -> None:
    row = one(system="", messages=[], output="", tools=[], reasoning="", tool_calls=[])
    assert (row["system_chars"], row["output_chars"], row["request_chars"], row["turns"]) == (0, 0, 0, 0)
    assert (row["messages"], row["tools_offered"], row["tool_calls"], row["reasoning_chars"]) == (0, 0, 0, 0)
    assert row["user_chars"] is None
    assert row["system_key"] is None and row["output_key"] is None and row["tools_key"] is None


def test_batches_of_other_shapes_are_read_alike() -> None:
    rows = batch(exchange(output=ANSWER, messages=[turn("user", "hi 日本")], tools=["a"]))
    large = rows.set_column(
        rows.schema.get_field_index("output"), "output", rows["output"].cast(pa.large_string())
    )
    assert sketch(large, SECRET).equals(sketch(rows, SECRET))
    assert sketch(rows.slice(1), SECRET).num_rows == 0
    few = rows.select(["exchange_id", "time", "account_id", "output"])
    assert sketch(few, SECRET)["output_marks"].equals(sketch(rows, SECRET)["output_marks"])


def test_nulls_over_garbage_are_nulls() -> None:
    garbage = pa.array(["secret", "text"]).buffers()
    output = pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\x02"), garbage[1], garbage[2]])
    rows = batch(exchange(), exchange())
    rows = rows.set_column(rows.schema.get_field_index("output"), "output", output)
    first, second = sketch(rows, SECRET).to_pylist()
    assert first["output_chars"] is None and first["output_marks"] == []
    assert second["output_chars"] == 4


def test_an_answer_sent_back_as_history_has_the_key_of_the_output() -> None:
    made = one(output=f"{ANSWER}\n")["output_key"]
    for presented in (ANSWER, f"  {ANSWER}", f'{ANSWER}\n[tool_call:find] {{"q": 1}}\n[tool_call:x] {{}}'):
        sent = one(messages=[turn("user", "where?"), turn("assistant", presented), turn("user", "and then?")])
        assert sent["history_keys"] == [made]
    assert one(output=ANSWER.replace("north", "south"))["output_key"] != made
    assert one(messages=[turn("assistant", "Yes, it does.")])["history_keys"] == []


@pytest.mark.parametrize("role", ["user", "tool"])
def test_an_answer_quoted_in_a_prompt_shares_its_marks(role: str) -> None:
    made = set(one(output=ANSWER)["output_marks"])
    quoting = one(messages=[turn(role, f"Grade this answer from one to ten:\n> {ANSWER}\nBe strict.")])
    assert len(made & set(quoting["quoted_marks"])) >= len(made) // 2
    assert not made & set(one(messages=[turn("assistant", ANSWER)])["quoted_marks"])


def test_echo_is_the_share_of_the_output_that_the_request_contained() -> None:
    assert one(messages=[turn("user", f"Repeat: {ANSWER}")], output=ANSWER)["echo_share"] == 1.0
    assert one(messages=[turn("user", "Where is the harbour?")], output=ANSWER)["echo_share"] == 0.0
    assert one(output=ANSWER)["echo_share"] is None


def test_one_text_in_different_fields_gives_different_keys() -> None:
    text = ANSWER
    row = one(
        exchange_id=text, account_id=text, key_id=text, end_user_id=text, session_id=text, conn_id=text,
        ja4=text, device_id=text, header_hash=text, user_agent=text, sdk=text, response_format=text,
        tools_hash=text, system=text, messages=[turn("user", text)], output=text, ip=text,
    )  # fmt: skip
    found = [value for name, value in row.items() if name.endswith("_key") and value is not None]
    assert len(found) >= 19
    assert len(set(found)) == len(found)
    lists = [set(row[name]) for name in ("system_shingles", "user_shingles", "output_marks")]
    assert not set.intersection(*lists) and not lists[0] & lists[1]


@settings(max_examples=25)
@given(exchanges())
def test_another_secret_shares_no_key(said: dict[str, Any]) -> None:
    def numbers(row: dict[str, Any]) -> set[int]:
        lists = [row[f.name] for f in SKETCH_SCHEMA if pa.types.is_list(f.type)]
        return {k for keys in lists for k in keys} | {row[n] for n in row if n.endswith("_key")} - {None}

    (other,) = sketch(batch(exchange(**said)), OTHER).to_pylist()
    assert not numbers(one(**said)) & numbers(other)


def test_the_conversation_is_what_came_before_the_last_user_turn() -> None:
    opening = [turn("user", "one"), turn("assistant", "two")]
    first, second = (one(system="s", messages=[*opening, turn("user", end)]) for end in ("three", "four"))
    assert first["conversation_key"] == second["conversation_key"]
    assert first["content_key"] != second["content_key"]
    assert first["first_turn_key"] == second["first_turn_key"]
    assert first["prefix_keys"][:2] == second["prefix_keys"][:2] == one(messages=opening)["prefix_keys"]
    assert (
        first["conversation_key"]
        != one(system="t", messages=[*opening, turn("user", "x")])["conversation_key"]
    )
    assert one(messages=[turn("user", "one")])["conversation_key"] is None
    agent = [turn("user", "do"), turn("assistant", "[tool_call:f] {}"), turn("tool", "done")]
    assert one(messages=agent)["content_key"] == one(messages=agent[:1])["content_key"]


def test_reasoning_blocks_keep_their_key_from_issue_to_replay() -> None:
    assert (
        one(reasoning_issued=["a", "b"])["reasoning_issues"]
        == one(reasoning_ref=["a", "b"])["reasoning_refs"]
    )


def test_parameters_and_tools_are_told_apart() -> None:
    said: list[dict[str, Any]] = [
        {"temperature": 0.0}, {"temperature": 1.0}, {"top_p": 1.0}, {"max_tokens": 1}, {"n": 1}, {"seed": 1},
        {"reasoning_effort": "high"}, {"temperature": 1.0, "top_p": 1.0},
    ]  # fmt: skip
    assert len({one(**s)["params_key"] for s in said}) == len(said)
    assert one(seed=1)["params_key"] == one(seed=2)["params_key"]
    assert one(temperature=-0.0)["params_key"] == one(temperature=0.0)["params_key"]
    assert one(tools=["a", "b"])["tools_key"] != one(tools=["b", "a"])["tools_key"]
    assert one(tools=["a"], tools_hash="h")["tools_key"] == one(tools_hash="h")["tools_key"]


@pytest.mark.parametrize(
    ("text", "script"),
    [("hello", Script.LATIN), ("привет", Script.CYRILLIC), ("日本のテキストです", Script.KANA),
     ("汉字", Script.HAN), ("สวัสดี", Script.THAI), ("مرحبا", Script.ARABIC), ("한국어", Script.HANGUL),
     ("12 34", Script.NONE), ("👍", Script.SYMBOLS)],
)  # fmt: skip
def test_the_dominant_script(text: str, script: Script) -> None:
    assert one(messages=[turn("user", text)], output=text)["script"] == script
    assert one(output=text)["output_script"] == script


def test_what_the_exchange_said_is_carried_over() -> None:
    said = {
        "status": 429,
        "finish_reason": "error",
        "n": 3,
        "source_file": "f",
        "source_line": 7,
        "org_id": "o",
    }
    row = one(**said)
    assert {name: row[name] for name in said} == said
    assert set(CARRIED) >= set(said)
