"""Same stream: members share their requests out over several kinds of work in the same proportions.

Null      Members are independent draws from their benign segment: their mixes of work are Dirichlet around some base,
          whatever it is, and as alike as mixes in a group of honest accounts that share a tool. How alike those are
          is itself a draw, log-normal as the population profile has learned, at the careful end of its interval.
Evidence  Dirichlet-multinomial likelihood ratio, group form, over single forms of request and over kinds of work
          (capability and shape); the mean of the two. Members with more requests name the kinds and the base, the
          others are tested (prequential). The workload that proposed the group is left out. Silent where the rest
          is of one kind: the forms of one tool go together at every honest user of it.
Blind to  Pools that do one thing; sticky pools, whose accounts each carry another part of the work. A product of
          several stages that runs alike at every customer looks like one pool: the claim is cut off.
Source    Mosimann 1962, Biometrika 49(1), for the distribution; Dawid 1984, JRSS-A 147(2), for the prequential ratio.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import clip, mean_log10
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.mixes import alikeness
from stillwatch.evidence.population.profile import KINDS, WORKLOADS
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence


@dataclass(frozen=True)
class SameStream:
    name: str = "same_stream"
    axis: Axis = "coordination"
    block: Block = "content"
    null: str = (
        "members are independent draws from their benign segment, as alike as honest users of one tool"
    )
    fields: tuple[str, ...] = ("system", "messages")
    ceiling: float = 6.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        if group.mixes is None:
            return None
        scales = {WORKLOADS: group.mixes.forms, KINDS: group.mixes.kinds}
        honest = {name: population.profile.estimate(name) for name in scales}
        found = [alikeness(mix, honest[name]) for name, mix in scales.items()]
        told = [way for way in found if way is not None]
        if len(told) < len(scales):
            return None
        log10_e = mean_log10([way.log10_e for way in told])
        widest = max(told, key=lambda way: (way.accounts, way.kinds))
        reading = (
            "as if dealt from one stream"
            if log10_e >= TELLING
            else "hardly more alike than users of one tool are"
        )
        typical, high = honest[WORKLOADS].typical, honest[WORKLOADS].high
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed=f"mixes of {widest.accounts} members over {widest.kinds} kinds of work",
            expected="as alike as honest accounts that share a tool: "
            f"a concentration of {typical:.0f}, few beyond {high:.0f}",
            n=widest.accounts,
            fields=self.fields,
            summary=f"{widest.accounts} accounts divide their requests over {widest.kinds} kinds of work, {reading}.",
        )


SIGNAL = SameStream()
