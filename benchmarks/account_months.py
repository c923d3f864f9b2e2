"""How many honest accounts would be enforced by mistake, in millions of simulated account-months.

    python benchmarks/account_months.py [--months 3000000]

What is simulated is counts, not text: for every honest account the ties that the member e-value reads (parties met,
adoption, rank of use, client, device, window), drawn from what honest accounts of its kind show in labelled ranges
(fit_account_months.py counts it), with tails fattened, a month's worth of each. They go through the member e-value,
the bound by the group and the per-family cut that a scan uses. Two ways
of being wrong are simulated:

- bystanders: each honest account against every real group of its log; with hard negatives that the ranges lack:
  customers who move out with their conversations, neighbours of a member, users of a tool the group uses;
- false groups: every group of honest accounts that was proposed with some evidence (offices, classes, firms with
  keys, resellers, evaluation runs, editing desks), its axes redrawn around what was measured, and every proposal
  taken for a finding, as if the false-discovery rate had let it through.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from stillwatch.campaigns.attribute.membership import FLOOR_A_MONTH, weigh_ties
from stillwatch.campaigns.attribute.ties import Chance, Ties
from stillwatch.evidence.evalues import per_family_cut

FITTED = Path(__file__).with_suffix(".json.gz")
WEEKS = 30 / 7  # of the ranges, which are a week long, in a month
SHAPE = 0.3  # of the gamma that spreads the rate of hand-overs over honest accounts: heavy tails
JITTER = 0.75  # orders of ten, of a false group's axes around what was measured
PER_MILLION = 1.0  # the dial
CHUNK = 100_000

# Honest accounts that ranges lack, by share of account-months: parties met a month (mean), whether they give and take,
# and the chance of each other tie. Invented, and meant to be worse than life.
HARD: dict[str, dict[str, float]] = {
    "customer who moved out": {"share": 0.005, "met": 6.0, "both": 0.05, "work": 0.05, "client": 0.3, "device": 0.0},
    "neighbour of a member": {"share": 0.002, "met": 1.0, "both": 1.0, "work": 0.2, "client": 1.0, "device": 1.0},
    "user of the group's tool": {"share": 0.02, "met": 0.1, "both": 1.0, "work": 1.0, "client": 0.5, "device": 0.0},
}  # fmt: skip


@dataclass(frozen=True)
class Draw:
    """Draws ties for n accounts that show what `_shown` summed up, for a month."""

    random: np.random.Generator
    n: int

    def rate(self, shown: dict[str, float]) -> float:
        """Return how often a tie is shown, one account's worth drawn towards the null where few were seen."""
        return (shown["hits"] + shown["null"]) / (shown["known"] + 1)

    def yes(self, shown: dict[str, float], chance: float, known: float = 1.0) -> Chance:
        n = self.n
        return Chance(
            self.random.random(n) < known,
            self.random.random(n) < chance,
            np.full(n, min(max(shown["null"], 1e-9), 1 - 1e-9)),
            np.full(n, shown["alternative"]),
        )

    def parties(self, mean: float, most: int) -> NDArray[np.int64]:
        """Return the parties met in either half: gamma-Poisson, no more than there are."""
        rates = self.random.gamma(SHAPE, mean / SHAPE, self.n)
        return np.minimum(self.random.poisson(np.broadcast_to(rates, (2, self.n))), most).astype(np.int64)

    def ties(self, shown: dict[str, Any], most: int, hard: dict[str, float] | None = None) -> Ties:
        """Return ties of accounts of a kind, or, with `hard`, of one that the ranges lack."""
        size = max(shown["size"], 1)
        met, chance, mean = None, None, ((shown["met"] or 0.0) + FLOOR_A_MONTH / 4) / (size + 1) * WEEKS
        if shown["met"] is not None:
            both = self.random.random(self.n) < (hard["both"] if hard else 1.0)
            met = self.parties(hard["met"] / 2 if hard else mean, most) * both
            chance = np.full((2, self.n), max(FLOOR_A_MONTH, shown["chance"] * WEEKS))
        adopted, traits = shown["adopted"], shown["traits"]
        return Ties(
            partners=met,
            chance=chance,
            adopted=tuple(
                (a["weight"], self.yes(a, hard["work"] if hard else self.rate(a))) for a in adopted
            ),
            # how much they do of work that others do too: as honest users of it, any rank alike
            doses=((1.0, np.where(self.random.random(self.n) < 0.1, self.random.random(self.n), np.nan)),),
            traits={
                n: self.yes(t, hard[n] if hard else self.rate(t), t["known"] / size if not hard else 1.0)
                for n, t in traits.items()
            },
            windows=self.yes(w, self.rate(w), w["known"] / size) if (w := shown["window"]) else None,
        )


@dataclass
class Tally:
    months: int = 0
    weighed: int = 0
    wrong: int = 0
    highest: float = -math.inf

    def add(self, months: int, log10_e: NDArray[np.float64], cut: float) -> None:
        self.months += months
        self.weighed += len(log10_e)
        self.wrong += int((log10_e >= cut).sum())
        self.highest = max(self.highest, float(log10_e.max(initial=-math.inf)))


def bystanders(
    fitted: dict[str, Any], months: int, cut: float, random: np.random.Generator
) -> dict[str, Tally]:
    """Weigh honest accounts against every real group of a range; the group's own axes are taken for certain."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    groups, total = fitted["real"], sum(fitted["kinds"].values())
    usual_kind = max(fitted["kinds"], key=fitted["kinds"].get)
    usual = 1.0 - sum(hard["share"] for hard in HARD.values())
    plan: list[tuple[str, dict[str, float] | None, float]] = [
        (kind, None, usual * n / total) for kind, n in sorted(fitted["kinds"].items())
    ]
    plan += [(name, hard, hard["share"]) for name, hard in HARD.items()]
    for kind, hard, share in plan:
        mine = round(months * share)
        tallies[kind].months += mine
        # everybody meets every group of a log; a hard one is a customer or neighbour of one of them
        each = round(mine / (len(groups) if hard else fitted["ranges"]))
        for group in groups:
            shown = group["kinds"][usual_kind if hard else kind]
            for first in range(0, each, CHUNK):
                n = min(CHUNK, each - first)
                powers = weigh_ties(Draw(random, n).ties(shown, 60, hard))
                tallies[kind].add(0, np.broadcast_to(powers, (n,)), cut)
    return tallies


def false_groups(
    fitted: dict[str, Any], months: int, cut: float, random: np.random.Generator
) -> dict[str, Tally]:
    """Weigh the members of every false group, as often as `months` holds the honest accounts of the ranges."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    times = math.ceil(months / fitted["accounts"])
    for group in fitted["false"]:
        n = group["size"] * times
        powers = weigh_ties(Draw(random, n).ties(group, group["size"] - 1))
        axis = np.repeat(random.normal(group["axis"], JITTER, times), group["size"])
        tallies[group["kind"]].add(0, np.minimum(np.broadcast_to(powers, (n,)), axis), cut)
    return tallies


def upper_rate(wrong: int, months: int) -> float:
    """Return the upper 95 % bound of a rate per million from `wrong` in `months` (Garwood 1936; 0 of n: 3/n)."""
    return float(chi2.ppf(0.95, 2 * (wrong + 1)) / 2 / months * 1e6)


def tell(title: str, tallies: dict[str, Tally]) -> int:
    print(f"\n{title:28} {'account-months':>14} {'weighed':>12} {'wrong':>6} {'highest log10 e':>16}")
    for name, t in sorted(tallies.items(), key=lambda item: -item[1].highest):
        print(f"{name:28} {t.months or '':>14} {t.weighed:>12,} {t.wrong:>6} {t.highest:>16.2f}")
    return sum(t.wrong for t in tallies.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--months", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began, fitted = time.perf_counter(), json.loads(gzip.decompress(FITTED.read_bytes()))
    cut = per_family_cut(1_000_000, PER_MILLION, fitted["memberships"] / fitted["ranges"])
    random = np.random.default_rng(options.seed)
    print(
        f"{options.months:,} benign account-months; counts are simulated, not text. Cut: log10 e >= {cut:.2f}"
    )
    met = bystanders(fitted, options.months, cut, random)
    wrong = tell("bystanders", met) + tell(
        "members of false groups", false_groups(fitted, options.months, cut, random)
    )
    invented = sum(met[name].wrong for name in HARD)
    for title, count in (("of all", wrong), ("without the invented hard negatives", wrong - invented)):
        rate, bound = count / options.months * 1e6, upper_rate(count, options.months)
        print(f"\n{title}: {count} wrongly enforceable in {options.months:,} account-months")
        print(f"{rate:.2f} per million account-months, at most {bound:.2f} (95 %)")
    print(f"\n{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
