from __future__ import annotations

from random import Random

import pytest

from stillwatch.ranges.pools.harvests import FAMILIES, Harvest
from stillwatch.ranges.world import World


@pytest.mark.parametrize("kind", sorted(FAMILIES))
def test_a_harvest_never_asks_the_same_twice(kind: str, world: World) -> None:
    harvest = Harvest(world, Random(1), kind, "c")
    asked = [harvest.write(Random(i))[0] for i in range(200)]
    assert len(set(asked)) == 200
    assert harvest.label.capability == FAMILIES[kind]


def test_two_operators_draw_from_banks_of_their_own(world: World) -> None:
    one, two = (Harvest(world, Random(1), "cot_harvest", name) for name in ("a", "b"))
    first = {one.write(Random(1))[0] for _ in range(100)}
    assert not first & {two.write(Random(1))[0] for _ in range(100)}


def test_a_judge_grades_answers_that_were_kept(world: World) -> None:
    asks = Harvest(world, Random(1), "cot_harvest", "c")
    grades = Harvest(world, Random(2), "grading_harvest", "c", pool_of_answers=asks.pool_of_answers)
    said = [asks.write(Random(i))[1] for i in range(20)]
    prompt = grades.write(Random(3))[0]
    assert any(answer in prompt for answer in said)


def test_an_unknown_family_names_those_that_exist(world: World) -> None:
    with pytest.raises(ValueError, match="harvest: expected one of cot_harvest"):
        Harvest(world, Random(1), "gold", "c")
