from __future__ import annotations

from stillwatch.ranges.render import reasoning
from stillwatch.ranges.traffic.plan import Plan
from tests.ranges.makers import asked


def shown(plan: Plan) -> tuple[list[list[str] | None], list[list[str] | None]]:
    found = reasoning.columns(plan)
    return found["reasoning_ref"].to_pylist(), found["reasoning_issued"].to_pylist()


def test_nothing_is_null() -> None:
    assert shown(asked(3)) == ([None] * 3, [None] * 3)
    assert shown(asked(0)) == ([], [])


def test_a_history_presents_the_blocks_that_its_answers_issued() -> None:
    refs, issued = shown(asked(4, thread=9, turn=[0, 1, 2, 3], thinks=True))
    assert all(i is not None and len(i) == 1 and len(i[0]) == 64 for i in issued)
    blocks = [i[0] for i in issued if i]
    assert refs == [None, blocks[:1], blocks[:2], blocks[:3]] and len(set(blocks)) == 4


def test_a_history_that_was_cut_presents_only_what_it_still_holds() -> None:
    refs, issued = shown(asked(3, thread=9, turn=[0, 1, 2], first=[0, 0, 1], thinks=True))
    assert refs[2] == issued[1]


def test_a_refused_answer_issues_nothing() -> None:
    refs, issued = shown(asked(1, turn=2, thinks=True, status=529))
    assert issued == [None] and refs[0] is not None


def test_a_replay_presents_another_threads_block_beside_its_own() -> None:
    plan = asked(3, thread=[7, 8, 8], turn=[0, 0, 1], thinks=True)
    plan["replay"][1:], plan["replay_turn"][1:] = 7, 0
    refs, issued = shown(plan)
    assert refs[1] == issued[0]
    assert refs[2] == [*(issued[1] or ()), *(issued[0] or ())]


def test_a_further_sampling_has_a_block_of_its_own() -> None:
    _, issued = shown(asked(3, thread=7, sample=[0, 1, 2], thinks=True))
    assert len({i[0] for i in issued if i}) == 3
