"""What accounts sent, in the order of time: of proposals only, bounded, whatever the order of the rows."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.measuring import measure, sequences
from stillwatch.campaigns.measuring.sequences import (
    SPELL,
    model_names,
    sequence_part,
    sequences_of,
    spells_kept,
)
from stillwatch.evidence.sequence import NO_CONTENT
from tests.campaigns.makers import TEMPLATE, bench, later, names, numbers, proposal, sent, traffic
from tests.workloads.makers import NOON

OTHER = 6


def rows_of_two() -> list[dict]:
    """Return forty exchanges of four accounts in two workloads; some failed, some without a model or a turn."""
    return [
        sent(
            i,
            f"a{i % 4:03}",
            TEMPLATE if i % 3 else OTHER,
            model=[None, "small", "large"][i % 3 if i % 5 else 0],
            status=429 if i % 7 == 0 else 200,
            content_key=None if i % 9 == 0 else 1_000 + i // 2,
            turns=1 + i % 2,
            time=later(i / 2),
        )
        for i in range(40)
    ]


def test_a_sequence_is_what_the_members_sent_in_the_workload_in_the_order_of_time() -> None:
    rows, those = rows_of_two(), names("a", 3)
    with traffic(rows) as held:
        group = proposal(held, those, TEMPLATE)
        found = measure(bench(held, group), group).uses[0].sequence
        codes = model_names(held)
    assert found is not None and codes == ["large", "small"]
    mine = [r for r in rows if r["workload"] == TEMPLATE and r["account_id"] in those]
    assert np.allclose(
        found.time - found.time[0], [(r["time"] - mine[0]["time"]).total_seconds() for r in mine]
    )
    assert found.member.tolist() == [those.index(r["account_id"]) for r in mine]
    assert found.content.tolist() == [r["content_key"] or NO_CONTENT for r in mine]
    assert found.model.tolist() == [-1 if r["model"] is None else codes.index(r["model"]) for r in mine]
    assert found.failed.tolist() == [r["status"] == 429 for r in mine]
    assert found.opening.tolist() == [r["turns"] == 1 for r in mine]


def test_only_members_of_proposals_of_a_workload_are_fetched() -> None:
    with traffic(rows_of_two()) as held:
        one, two = numbers(held, ["a000", "a001"]), numbers(held, ["a001", "a002"])
        found = sequences_of(held, {TEMPLATE: [one, two]})
        assert sequences_of(held, {}) == {}
        assert list(found) == [TEMPLATE]
        assert set(found[TEMPLATE].whose.tolist()) == {0, 1, 2}
        part = sequence_part(found[TEMPLATE], two)
    assert part is not None and set(part.member.tolist()) == {0, 1}
    assert sequence_part(None, np.array([0])) is None


def test_the_order_of_rows_changes_nothing() -> None:
    rows = rows_of_two()
    for row in rows:
        row["time"] = NOON + timedelta(seconds=int(row["exchange_key"]) // 6)  # many at once
    found = []
    for order in (range(40), reversed(range(40))):
        with traffic(rows, order=list(order)) as held:
            part = sequences_of(held, {TEMPLATE: [np.arange(4)]})[TEMPLATE]
            found.append((part.whose.tolist(), part.sequence.content.tolist(), part.sequence.time.tolist()))
    assert found[0] == found[1]


def test_single_accounts_need_no_sequence() -> None:
    with traffic(rows_of_two()) as held:
        alone = proposal(held, ["a000"], TEMPLATE)
        assert measure(bench(held, alone), alone).uses[0].sequence is None


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60), st.integers(1, 2_000))
def test_spells_are_kept_evenly_up_to_the_bound(counts: list[int], most: int) -> None:
    kept = spells_kept(np.array(counts), most)
    assert kept.any()
    assert sum(np.array(counts)[kept]) <= most or kept.sum() == 1
    if sum(counts) <= most:
        assert kept.all()


def test_of_a_large_workload_whole_spells_are_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "MOST", 30)
    monkeypatch.setattr(sequences.spells_kept, "__defaults__", (30,))
    rows = [sent(i, f"a{i % 4:03}", time=later(i / 4)) for i in range(120)]  # a day and six hours: six spells
    with traffic(rows) as held:
        part = sequences_of(held, {TEMPLATE: [np.arange(4)]})[TEMPLATE].sequence
    assert 0 < len(part) <= 30
    spells = {int(t // SPELL) for t in part.time}
    assert len(part) == sum(int(r["time"].timestamp() // SPELL) in spells for r in rows)


def test_of_one_spell_that_is_too_large_its_begin_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "MOST", 30)
    monkeypatch.setattr(sequences.spells_kept, "__defaults__", (30,))
    rows = [sent(i, f"a{i % 4:03}") for i in range(100)]
    with traffic(rows) as held:
        part = sequences_of(held, {TEMPLATE: [np.arange(4)]})[TEMPLATE].sequence
    assert part.content.tolist() == [1_000 + i for i in range(30)]
