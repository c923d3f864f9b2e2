from __future__ import annotations

from random import Random

from stillwatch.ranges.honest.people import person
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.world import BEFORE_LAUNCH, LAUNCHED, World

HELLO = [{"role": "user", "content": "hello"}]


def test_branches_are_independent_and_repeatable(world: World) -> None:
    assert world.branch("a").random() == world.branch("a").random() != world.branch("b").random()


def test_a_new_model_is_taken_up_after_its_launch_by_most(world: World, rng: Random) -> None:
    for _ in range(60):
        account = person(world, rng, Label("chat"))
        for at in (world.launch - 10, world.launch + 86_400 * 60):
            world.emit(account, at, Label("chat"), messages=HELLO, model=BEFORE_LAUNCH, output="hi")
    before, after = [], []
    for row in world.ledger.exchanges().to_pylist():
        (before if row["time"] < world.instant(world.launch) else after).append(row["model"])
    assert set(before) == {BEFORE_LAUNCH}
    assert 30 < after.count(LAUNCHED) < 60


def test_a_connection_stays_open_for_a_while_and_a_gateway_shares_its_own(world: World, rng: Random) -> None:
    one, two = (person(world, rng, Label("chat")) for _ in range(2))
    assert world.connection(one, 10.0) == world.connection(one, 60.0) != world.connection(one, 900.0)
    assert world.connection(one, 900.0) != world.connection(two, 900.0)
    one.shared_connection = two.shared_connection = "office"
    assert world.connection(one, 950.0) == world.connection(two, 960.0)


def test_a_role_is_recorded_once_for_each_campaign(world: World, rng: Random) -> None:
    account = person(world, rng, Label("chat"))
    for campaign in ("a", "b", "b"):
        world.attest(account, "mixed", Label("cot_harvest", campaign))
    assert [role[2] for role in world.roles.values()] == [None, "a", "b"]


def test_a_throwaway_identity_is_new_and_weakly_verified(world: World, rng: Random) -> None:
    for _ in range(20):
        table = world.throwaway(rng)
        assert table["created_at"] > world.instant(-26 * 86_400)
        assert table["verification"] in ("none", "email", "phone")
