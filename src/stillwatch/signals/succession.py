"""Succession: after a campaign's accounts were suspended, new accounts take up what was theirs.

Null      Accounts that appear after the suspension show the campaign's request forms and rare values at most `NEW`
          times as often as unrelated accounts did before it.
Evidence  Poisson mixture likelihood ratio of the takers, against what that rate makes of all newcomers. What they are
          held against was learned in earlier scans, from other accounts: nothing is counted that chose it. The rate is
          that of accounts outside the campaign, with three added, so that a few hundred of them do not pass for none.
Blind to  Pools that come back with other prompts and other papers; campaigns not named before the suspension; logs
          without an accounts table, which alone says who was suspended; scans without a state.
Source    Replacement of banned accounts: the disclosures of 2026 (docs/threat-model.md). Vovk & Wang (2021), Annals of
          Statistics 49(3): likelihood-ratio e-values.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import clip, poisson_excess
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence

NEW = 3.0  # what is new spreads among new accounts first
MOST = 0.5  # a rate beyond which taking something up tells nothing


@dataclass(frozen=True)
class SuccessionSignal:
    name: str = "succession"
    axis: Axis = "coordination"
    block: Block = "registration"
    null: str = "new accounts take up the campaign's forms and values at the rate of unrelated accounts"
    fields: tuple[str, ...] = ("status", "status_at", "system", "messages", "payment_fp", "device_id")
    ceiling: float = 6.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        seen = group.succession
        if seen is None or not seen.newcomers or NEW * seen.rate > MOST:
            return None
        rate = NEW * seen.rate
        log10_e = clip(poisson_excess(seen.takers, seen.newcomers * rate), self.ceiling)
        many = "took up" if log10_e >= TELLING else "took up, as unrelated ones might,"
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=log10_e,
            null=self.null,
            observed=f"{seen.takers} of {seen.newcomers} accounts first seen after the suspension: "
            f"{seen.by_form} by request form, {seen.by_mark} by a rare value",
            expected=f"at most {rate:.2%} of new accounts",
            n=seen.newcomers,
            fields=self.fields,
            summary=f"After {seen.suspended} accounts of {seen.campaign} were suspended, {seen.takers} new accounts "
            f"{many} its request forms or rare values, half of them within {seen.hours:.0f} hours.",
        )


SIGNAL = SuccessionSignal()
