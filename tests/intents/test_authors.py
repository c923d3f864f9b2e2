"""Own words: what others put into a request is left out, by layers and by wrappers, and nothing else is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.authors import NAMES, OPERATOR, OTHERS, WRAPPERS, Cuts, asked, no_cuts, own_texts
from stillwatch.intents.record import text_of
from tests.intents.makers import batch, exchange, layer, view
from tests.intents.reference import own_text

PIECES = (
    "<system-reminder>", "</system-reminder>", "<System-Reminder>", "</SYSTEM-REMINDER>", "<skill name='x'>", "<skill>",
    "</skill>", "<skills>", "</skills>", "<skill/>", "<skill\n>", "<tool_result >", "</tool_result>", "</tool_result >",
    "<tool-result>", "<transcript ", "</transcript>", "<retrieved", "</", "<", ">", "<<", "<b>", "</b>", "é", "思考",
    "🙂", "own", " words\n", "\x00",
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4)


def kept(text: str | None, others: Sequence[tuple[int, int]] = ()) -> str | None:
    """Return what the kernel leaves of one text between two others."""
    one = view("<skill>before", text, "</skill>after")
    starts, stops = (np.array(sorted(others), dtype=np.int64).reshape(-1, 2)[:, side] for side in (0, 1))
    cuts = Cuts(starts, stops, np.array([0, 0, len(starts), len(starts)], dtype=np.int64))
    found = own_texts(one.data, one.offsets[:-1], one.offsets[1:], one.there, cuts)
    assert [text_of(found, 0), text_of(found, 2)] == [b"<skill>before", b"</skill>after"]
    raw = text_of(found, 1)
    return raw.decode() if raw is not None else None


@given(TEXTS, SPANS)
def test_what_is_left_is_what_the_definition_leaves(text: str, spans: list[tuple[int, int]]) -> None:
    others = [(start, end) for start, end in spans if start < end]
    assert (kept(text, others) or "") == own_text(text, others, WRAPPERS)


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="<"), max_size=40))
def test_a_text_without_wrappers_is_left_as_it_is(text: str) -> None:
    assert (kept(text) or "") == text


@pytest.mark.parametrize("name", WRAPPERS)
def test_every_wrapper_is_cut_however_it_is_written(name: str) -> None:
    assert kept(f"my <{name}>theirs</{name}> own") == "my \n own"
    assert kept(f"my <{name.upper()} a='b'>theirs</{name.title()}> own") == "my \n own"
    assert kept(f"my <{name}>own") == f"my <{name}>own"
    assert kept(f"my <{name}x>own</{name}x>") == f"my <{name}x>own</{name}x>"


def test_wrappers_within_wrappers_go_with_them() -> None:
    assert kept("a<skill><transcript>x</skill>b</transcript>c") == "a\nb</transcript>c"
    assert kept("a<transcript><skill>x</skill>y</transcript>c") == "a\nc"
    assert kept("a<skill>x<transcript>b</transcript>c") == "a<skill>x\nc"


def test_a_wrapper_ends_where_its_name_is_first_closed() -> None:
    assert kept("a<skill>x<skill>y</skill>b</skill>c") == "a\nb</skill>c"


def test_nothing_is_left_where_others_wrote_it_all() -> None:
    assert kept("<skill>x</skill>") is None
    assert kept("é<skill>x</skill>é", [(0, 1), (17, 18)]) is None
    assert kept(None) is None
    assert kept("own", [(0, 99)]) is None


def test_a_cut_takes_whole_characters_and_leaves_a_line_break_between_what_is_left() -> None:
    assert kept("éüñ", [(1, 2)]) == "é\nñ"
    assert kept("思考过程", [(0, 1), (2, 3)]) == "考\n程"
    assert kept("🙂🙂🙂🙂", [(1, 3), (2, 3)]) == "🙂\n🙂"
    assert kept("abcdef", [(1, 4), (2, 3), (3, 5)]) == "a\nf"


def test_a_text_of_opening_tags_costs_no_more_than_its_length() -> None:
    kept("compiled by now")
    started = time.perf_counter()
    text = "<skill><transcript x>" * 50_000
    assert kept(text) == text
    assert time.perf_counter() - started < 5  # looking for each one's end anew takes minutes


AUTHORS = st.sampled_from(["operator", "injected", "tool", "retrieved", "user", None])
PLACES = st.one_of(st.none(), st.integers(-2, 3))
LAYERS = st.lists(
    st.builds(layer, AUTHORS, PLACES, st.one_of(st.none(), st.integers(0, 20)), st.integers(0, 20)),
    max_size=5,
)
TURNS = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "assistant", "tool", "system", None]), "content": st.none() | TEXTS}
    ),
    max_size=4,
)
EXCHANGES = st.lists(
    st.fixed_dictionaries(
        {"system": st.none() | TEXTS, "messages": st.none() | TURNS, "layers": st.none() | LAYERS}
    ),
    max_size=5,
)


def slowly_asked(row: dict[str, Any]) -> tuple[str | None, str | None, int]:
    """Return what an operator and a user wrote, and the place of the last user turn."""
    turns = row["messages"] or []
    last = max((at for at, turn in enumerate(turns) if turn["role"] == "user"), default=-1)

    def own(text: str | None, place: int) -> str | None:
        others = [
            (told["start"], told["end"])
            for told in row["layers"] or []
            if told["author"] in OTHERS
            and told["message"] == place
            and None not in (told["start"], told["end"])
        ]
        return own_text(text or "", others, WRAPPERS) or None

    return own(row["system"], OPERATOR), own(turns[last]["content"], last) if last >= 0 else None, last


@given(EXCHANGES, st.data())
def test_a_request_is_its_system_text_and_its_last_user_turn(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(rows)))
    last = data.draw(st.integers(first, len(rows)))
    found = asked(batch(*rows).slice(first, last - first))
    told = [
        tuple(
            raw.decode() if raw is not None else None
            for raw in (text_of(found.operator, at), text_of(found.user, at))
        )
        for at in range(last - first)
    ]
    expected = [slowly_asked(row) for row in rows[first:last]]
    assert [(*texts, int(place)) for texts, place in zip(told, found.last_user, strict=True)] == expected


def test_only_others_layers_are_cut_and_only_where_they_lie() -> None:
    turns = [{"role": role, "content": f"{role} speaks"} for role in ("user", "assistant", "user")]
    for author in ("operator", "injected", "tool", "retrieved", "user"):
        told = [layer(author, place, 0, 5) for place in (-1, 0, 1, 2)]
        found = asked(batch(exchange(system="our rules", messages=turns, layers=told)))
        others = author in OTHERS
        assert text_of(found.user) == (b"speaks" if others else b"user speaks")
        assert text_of(found.operator) == (b"ules" if others else b"our rules")


def test_a_layer_of_another_turn_cuts_nothing_of_the_last() -> None:
    turns = [{"role": role, "content": f"{role} speaks"} for role in ("user", "assistant", "user")]
    for place in (0, 1, 3, None, -2):
        found = asked(
            batch(exchange(system="our rules", messages=turns, layers=[layer("tool", place, 0, 5)]))
        )
        assert (text_of(found.operator), text_of(found.user)) == (b"our rules", b"user speaks")


@pytest.mark.parametrize(
    "told", [(None, 0, 0, 5), ("tool", None, 0, 5), ("tool", 0, None, 5), ("tool", 0, 0, None)]
)
def test_a_layer_that_does_not_say_whose_or_where_it_is_cuts_nothing(told: tuple[Any, ...]) -> None:
    row = exchange("user speaks", layers=[layer(*told)])
    assert text_of(asked(batch(row)).user) == b"user speaks"


def test_layers_under_a_null_are_not_the_next_rows() -> None:
    rows = batch(
        exchange("abcdef", layers=[layer("tool", 0, 0, 3)]),
        exchange("uvwxyz", layers=[layer("tool", 0, 3, 6)]),
    )
    layers = rows.column("layers")
    masked = pa.ListArray.from_arrays(layers.offsets, layers.values, mask=pa.array([True, False]))
    found = asked(pa.RecordBatch.from_arrays([*rows.columns[:2], masked], schema=rows.schema))
    assert [text_of(found.user, row) for row in range(2)] == [b"abcdef", b"uvw"]


@pytest.mark.parametrize("columns", [("system",), ("messages",), ("layers",), ()])
def test_a_column_that_a_batch_has_not_is_null(columns: tuple[str, ...]) -> None:
    whole = batch(exchange("u", "s", layers=[layer("tool", 0, 0, 1)]), exchange("v", "t"))
    some = whole.select(list(columns)) if columns else pa.RecordBatch.from_pydict({"time": [1, 2]})
    found = asked(some)
    assert [text_of(found.operator, row) for row in range(2)] == (
        [b"s", b"t"] if columns == ("system",) else [None, None]
    )
    assert [text_of(found.user, row) for row in range(2)] == (
        [b"u", b"v"] if columns == ("messages",) else [None, None]
    )


def test_names_and_cuts_are_laid_out_end_to_end() -> None:
    assert bytes(NAMES.data).decode() == "".join(WRAPPERS)
    assert NAMES.ends[-1] == len(NAMES.data)
    assert no_cuts(3).ends.tolist() == [0, 0, 0, 0]
