"""Learn the population profile that a deployment starts from, on simulated honest traffic, and ship it.

    python benchmarks/fit_population.py --seeds 2000:2004 --out src/stillwatch/evidence/population/shipped_profile.json

Builds the scenario `benign` for each seed and learns from all of them as a scan would, without labels.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa

from stillwatch import ranges
from stillwatch.campaigns.measuring.populations import observe
from stillwatch.campaigns.traffic import gather
from stillwatch.engines import Session
from stillwatch.evidence.population.learning import estimates_of, learn_from
from stillwatch.evidence.population.observed import Observed
from stillwatch.evidence.population.profile import to_json
from stillwatch.evidence.population.updating import pooled
from stillwatch.exchanges import DeadLetters, read_accounts, read_exchanges
from stillwatch.intents import intents, shipped_model
from stillwatch.signals import HANDOVERS
from stillwatch.sketches import Secret, sketch
from stillwatch.workloads import assign_workloads

LABEL = partial(intents, model=shipped_model())


def population_of(seed: int) -> Observed:
    """Build one honest range and return its population."""
    secret = Secret.from_bytes(seed.to_bytes(32, "big"))
    with tempfile.TemporaryDirectory() as folder, Session() as session, DeadLetters(None) as letters:
        files = ranges.write(ranges.build(ranges.scenario("benign"), seed=seed), Path(folder))
        batches = read_exchanges([files["exchanges"]], dead_letters=letters)
        sketches = session.load(
            "sketches", pa.Table.from_batches([sketch(b, secret, LABEL) for b in batches])
        )
        accounts = read_accounts(files["accounts"], letters)
        assigned = assign_workloads(session, sketches)
        return observe(gather(session, sketches, assigned, accounts, HANDOVERS, frozenset()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="2000:2004")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    first, last = map(int, options.seeds.split(":"))
    command = f"benchmarks/fit_population.py --seeds {options.seeds}, classifier {shipped_model().version}"
    logs = [population_of(seed) for seed in range(first, last)]
    whole = pooled([learn_from(log, command) for log in logs], command)
    # a simulation's days are no dates: whatever is learned later is newer
    shipped = replace(whole, estimates=estimates_of([log.streams for log in logs]), until=0.0)
    for name, each in sorted(shipped.estimates.items()):
        print(
            f"{name:32}{each.typical:9.3f}{each.value:10.3f}  {each.low:.3f} to {each.high:.3f}  {each.units:.0f}"
        )
    if options.out:
        options.out.write_text(to_json(shipped), encoding="utf-8")


if __name__ == "__main__":
    main()
