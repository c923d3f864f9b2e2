"""Single accounts that ask a lot of one thing."""

from __future__ import annotations

from stillwatch.campaigns.proposing.bulk import BULK, bulk_proposals
from stillwatch.workloads import CELLS
from tests.campaigns.makers import TEMPLATE, sent, traffic, work


def test_single_accounts_are_proposed_for_many_prompts_of_one_form() -> None:
    rows = work(["busy"], BULK) + work(["idle"], BULK - 1, 200)
    rows += [sent(500 + i, "again", content_key=1) for i in range(2 * BULK)] + work(
        ["free"], BULK, 900, CELLS + 1
    )
    with traffic(rows) as held:
        (only,) = bulk_proposals(held)
        assert held.account_ids[int(only.accounts[0])].as_py() == "busy"
        assert (only.origin, only.workload) == ("account", TEMPLATE)
