"""Every exchange has one workload: its template where it has one, else the cell of its shape."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.workloads import CELLS, has_user_form, lead_form
from stillwatch.workloads.grouping import MIN_SLOTS, MIN_SUPPORT, PAIR
from tests.workloads.makers import (
    asked,
    families,
    shuffled,
    sketch_row,
    sketched,
    sketches,
    words,
    workloads,
    workloads_of,
)


def chats(chance: Random, first: int, count: int) -> list[dict]:
    """Return exchanges that have nothing in common."""
    return [asked(first + i, f"p{i % 12}", words(chance, 60)) for i in range(count)]


@pytest.mark.parametrize("seed", range(3))
def test_a_template_of_60_words_is_found_in_960_words_of_slots(seed: int) -> None:
    chance = Random(seed)
    pieces = [words(chance, 20) for _piece in range(3)]
    filled = [
        asked(i, f"a{i % 16}", "\n".join(f"{piece} {words(chance, 320)}" for piece in pieces))
        for i in range(64)
    ]
    found = workloads_of(filled + chats(chance, 100, 60))
    together, others = set(found[:64]), set(found[64:])
    assert len(together) == 1
    ((workload, templated),) = together
    assert templated and has_user_form(workload)
    assert not together & others and not any(templated for _workload, templated in others)


def test_a_shared_phrase_does_not_merge_two_templates() -> None:
    chance = Random(1)
    phrase, one, other = words(chance, 12), words(chance, 40), words(chance, 40)
    filled = [
        asked(i, f"a{i % 9}", f"{phrase} {one if i < 90 else other} {words(chance, 40)}") for i in range(120)
    ]
    found = workloads_of(filled)
    assert len(set(found[:90])) == len(set(found[90:])) == 1
    assert found[0] != found[-1]


def test_one_account_with_one_template_is_found_in_itself() -> None:
    chance = Random(2)
    fixed = words(chance, 30)
    found = workloads_of(
        [asked(i, "a", f"{fixed} {words(chance, 50)}") for i in range(20)] + chats(chance, 50, 30)
    )
    assert len(set(found[:20])) == 1 and found[0][1]
    assert not any(templated for _workload, templated in found[20:])


def test_one_text_sent_again_and_again_is_no_template() -> None:
    chance = Random(3)
    same = [words(chance, 30) for _slot in range(MIN_SLOTS - 1)]
    found = workloads_of([asked(i, f"a{i % 10}", same[i % len(same)]) for i in range(60)])
    assert not any(templated for _workload, templated in found)


def test_a_system_text_and_the_form_of_the_request_make_a_workload_together() -> None:
    chance = Random(4)
    system, forms = words(chance, 40), [words(chance, 30), words(chance, 30)]
    filled = [asked(i, f"a{i % 5}", f"{forms[i % 2]} {words(chance, 30)}", system=system) for i in range(100)]
    free = [asked(200 + i, f"b{i % 6}", words(chance, 50), system=system) for i in range(20)]
    found = workloads_of(filled + free)
    assert len(set(found[0:100:2])) == len(set(found[1:100:2])) == len(set(found[100:])) == 1
    assert len(set(found)) == 3
    assert [has_user_form(found[i][0]) for i in (0, 1, 100)] == [True, True, False]
    assert len({workload // 2 // PAIR for workload, _templated in found}) == 1


def test_few_shot_examples_in_earlier_turns_are_a_template() -> None:
    chance = Random(5)
    examples = [{"role": role, "content": words(chance, 30)} for role in ("user", "assistant") * 2]
    asks = [asked(i, f"a{i % 5}", words(chance, 40)) for i in range(MIN_SUPPORT)]
    for ask in asks:
        ask["messages"] = [*examples, *ask["messages"]]
    found = workloads_of(asks + chats(chance, 50, 30))
    assert len(set(found[:MIN_SUPPORT])) == 1
    assert found[0][1] and found[0][0] < CELLS and not has_user_form(found[0][0])
    assert not any(templated for _workload, templated in found[MIN_SUPPORT:])


def test_a_retried_question_after_one_opening_is_no_template() -> None:
    chance = Random(6)
    opening = [
        {"role": "user", "content": words(chance, 20)},
        {"role": "assistant", "content": words(chance, 20)},
    ]
    ask = words(chance, 20)
    rows = [
        asked(i, f"a{i % 5}", ask) | {"messages": [*opening, {"role": "user", "content": ask}]}
        for i in range(20)
    ]
    assert not any(templated for _workload, templated in workloads_of(rows))


def test_what_has_no_template_falls_into_the_cell_of_its_shape() -> None:
    rows = [
        sketch_row(0, api="chat", user_chars=10, output_chars=10),
        sketch_row(1, api="chat", user_chars=20, output_chars=20),
        sketch_row(2, api="messages", user_chars=10, output_chars=10),
        sketch_row(3, api="chat", user_chars=5_000, output_chars=10),
        sketch_row(4, api="chat", user_chars=10, output_chars=10, script=3),
        sketch_row(5, api="chat", user_chars=10, output_chars=10, tools_offered=2),
        sketch_row(6),
    ]
    found = workloads(sketches(rows))
    assert all(workload >= CELLS and not templated for workload, templated in found.values())
    assert not any(has_user_form(workload) for workload, _templated in found.values())
    assert found[0] == found[1]
    assert len({found[i] for i in (0, 2, 3, 4, 5, 6)}) == 6


numbers = st.one_of(st.none(), st.integers(0, 5_000))


@given(
    st.lists(
        st.tuples(st.sampled_from([None, "chat", "embeddings", "new"]), numbers, numbers, numbers),
        max_size=12,
    )
)
@settings(max_examples=15, deadline=None)
def test_every_exchange_has_exactly_one_workload_whatever_is_missing(shapes) -> None:
    fields = ("api", "user_chars", "output_chars", "tools_offered")
    rows = [sketch_row(i, **dict(zip(fields, shape, strict=True))) for i, shape in enumerate(shapes)]
    found = workloads(sketches(rows))
    assert sorted(found) == list(range(len(rows)))
    assert all(CELLS <= workload < 2 * CELLS for workload, _templated in found.values())


@pytest.mark.parametrize("seed", range(2))
def test_row_order_and_split_change_nothing_at_all(seed: int) -> None:
    chance = Random(7)
    forms, system = [words(chance, 30) for _form in range(4)], words(chance, 30)
    rows = [
        asked(i, f"a{i % 11}", f"{forms[i % 4]} {words(chance, 20)}", system=system if i % 3 else None)
        for i in range(120)
    ]
    table = sketched(rows + chats(chance, 500, 40))
    assert workloads(shuffled(table, seed)) == workloads(table)


def test_other_traffic_leaves_the_families_as_they_are() -> None:
    chance = Random(8)
    forms = [words(chance, 30) for _form in range(3)]
    rows = [asked(i, f"a{i % 11}", f"{forms[i % 3]} {words(chance, 20)}") for i in range(60)]
    alone = sketched(rows)
    mine = set(alone["exchange_key"].to_pylist())
    beside = workloads(sketched(rows + chats(chance, 500, 80)))
    assert families({key: of for key, of in beside.items() if key in mine}) == families(workloads(alone))


def test_all_forms_below_one_system_text_have_one_lead_and_others_their_own() -> None:
    below = [2 * (7 * PAIR + user) for user in (0, 3, 9)]
    alone, openings = [2 * 7, 2 * 3], [7 * 2 + 1, 3 * 2 + 1]
    leads = lead_form(np.array([*below, *alone, *openings])).tolist()
    assert len(set(leads[:3])) == 1 and len(set(leads)) == 5
