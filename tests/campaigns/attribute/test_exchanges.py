"""Exchanges are attributed, not accounts: each once, to the work of the campaign or to what shows the tie."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from stillwatch.campaigns.attribute.exchanges import HARVESTS, attribute, dedicated, harvested
from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.model import VERDICTS, Verdict
from stillwatch.campaigns.traffic import Traffic
from stillwatch.workloads import CELLS
from tests.campaigns.makers import TEMPLATE, Passed, bench, finding, names, proposal, tie, traffic, work
from tests.signals.makers import group, use

POOL, PEOPLE = names("a", 6), names("z", 20)
PASSED: list[Passed] = [("answers_passed", i, POOL[i % 6], POOL[(i + 1) % 6], i) for i in range(12)]
PASSED += [("conversation_carried", 99, POOL[0], PEOPLE[0], 40)]


FOLLOWED_UP = {"turns": 2, "messages": 4}  # what people do, and a harvest does not


def rows() -> list[dict[str, Any]]:
    """Return a pool that harvests, its members' own traffic, and people; exchange numbers as keys."""
    return (
        work(POOL, 20)
        + work(POOL, 3, 200, CELLS + 5, **FOLLOWED_UP)
        + work(PEOPLE, 4, 300)
        + work(PEOPLE, 2, 500, CELLS + 5)
    )


def found(
    held: Traffic, verdict: Verdict, ids: list[str], workload: int | None = TEMPLATE, log10_e: float = 5.0
) -> Finding:
    """Return a finding on measured accounts."""
    made = proposal(held, ids, workload)
    return finding(measure(bench(held, made), made), verdict, log10_e)


def attributed(held: Traffic, *findings: Finding) -> dict[int, int]:
    """Return the finding's number by exchange_key; no exchange twice."""
    table = held.session.fetch(attribute(held, findings))
    assert table.num_rows == len(set(table["exchange_key"].to_pylist()))
    return dict(zip(table["exchange_key"].to_pylist(), table["campaign"].to_pylist(), strict=True))


def test_a_harvest_is_the_members_work_and_not_their_other_traffic() -> None:
    with traffic(rows(), PASSED) as held:
        taken = attributed(held, found(held, "distillation_campaign", POOL))
        assert taken.keys() == set(range(120))


def test_related_accounts_are_attributed_what_shows_the_tie_and_nothing_else() -> None:
    with traffic(rows(), PASSED) as held:
        taken = attributed(held, found(held, "related_accounts", POOL))
        assert taken.keys() == set(range(12))


@pytest.mark.parametrize("seed", range(3))
def test_every_exchange_goes_to_one_campaign_the_first(seed: int) -> None:
    chance = Random(seed)
    with traffic(rows(), PASSED) as held:
        findings = [
            found(held, chance.choice(VERDICTS), sorted(chance.sample(POOL + PEOPLE, 5)))
            for _finding in range(6)
        ]
        taken = attributed(held, *findings)
        alone = [attributed(held, one).keys() for one in findings]
    for key, number in taken.items():
        assert number == min(i for i, keys in enumerate(alone) if key in keys)
    assert taken.keys() == set().union(*alone)


def test_nothing_found_is_nothing_attributed() -> None:
    with traffic(rows(), PASSED) as held:
        assert attributed(held) == {}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_only_a_harvest_has_harvested_workloads_and_the_judged_one_is_first(verdict: Verdict) -> None:
    dull = use(
        workload=5,
        long_answers=0,
        generated=0,
        contents=9,
        outputs=9,
        openings=0,
        short_prompts=0,
        user_form=False,
    )
    of = finding(group(uses=(use(workload=3), dull, use(workload=7))), verdict)
    expected = [3, 7] if verdict in HARVESTS else []
    assert [each.workload for each in harvested(of)] == expected
    assert harvested(finding(group(uses=()), verdict)) == []


def test_where_answers_are_fed_back_what_shows_it_counts_too() -> None:
    plain = [each for each in PASSED if each[0] == "answers_passed"]
    elsewhere: list[Passed] = [
        ("answers_passed", 700, POOL[0], POOL[1], 201),
        ("retry_handed_over", 701, POOL[0], POOL[1], 202),
    ]
    with traffic(rows(), plain + elsewhere) as held:
        of = found(held, "distillation_campaign", POOL)
        fed = replace(
            of, judged=replace(of.judged, evidence=(*of.judged.evidence, tie(3.0, "answer_pipeline")))
        )
        assert attributed(held, fed).keys() - attributed(held, of).keys() == {201}


def two_operators(held: Traffic) -> list[Finding]:
    """Return two findings on the same accounts, each judged on a work of its own and holding the other's too."""
    both = [found(held, "distillation_campaign", POOL, workload) for workload in (TEMPLATE, TEMPLATE + 1)]
    first, second = (of.judged.group.uses[0] for of in both)
    uses = ((first, second), (second, first))
    return [
        replace(of, judged=replace(of.judged, group=replace(of.judged.group, uses=own)))
        for of, own in zip(both, uses, strict=True)
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_two_operators_in_the_same_accounts_keep_each_what_they_are_judged_on(turned: bool) -> None:
    second = work(POOL, 20, 1_000, TEMPLATE + 1)
    with traffic(rows() + second) as held:
        findings = two_operators(held)[:: -1 if turned else 1]
        taken = attributed(held, *findings)
        assert [len(harvested(of)) for of in findings] == [2, 2]
    numbers = {key: number for key, number in taken.items() if key < 120 or key >= 1_000}
    assert {number for key, number in numbers.items() if key < 120} == {int(turned)}
    assert {number for key, number in numbers.items() if key >= 1_000} == {1 - int(turned)}


def test_the_customers_of_a_member_keep_what_they_send_through_a_public_tool() -> None:
    """The tool is everybody's: the harvest's own client shows in the work that nobody else does."""
    private = work(POOL, 20, 0, TEMPLATE, client_key=77)
    harvest = work(POOL, 10, 1_000, TEMPLATE + 1, client_key=77)
    customers = work(POOL, 4, 2_000, TEMPLATE + 1, client_key=88)
    public = work(PEOPLE, 10, 3_000, TEMPLATE + 1, client_key=88)
    talk = work(POOL, 5, 4_000, CELLS + 5, client_key=88, **FOLLOWED_UP)
    with traffic(private + harvest + customers + public + talk) as held:
        taken = attributed(held, two_operators(held)[0])
    assert taken.keys() == {row["exchange_key"] for row in private + harvest}


def test_a_pool_in_which_nobody_ever_follows_up_did_all_it_did_for_the_harvest() -> None:
    """Dedicated accounts have no customers, whatever client sent it; one that is followed up makes it a mixed pool."""
    odd = work(POOL, 3, 200, CELLS + 5, client_key=88)
    with traffic(work(POOL, 20) + odd + work(PEOPLE, 4, 300)) as held:
        assert attributed(held, found(held, "distillation_campaign", POOL)).keys() == {
            *range(120),
            *range(200, 218),
        }
    with traffic(rows()) as held:
        assert not dedicated(found(held, "distillation_campaign", POOL))
