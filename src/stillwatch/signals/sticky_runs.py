"""Sticky runs: one account works at a time, and the others wait.

Null      Each member's clock is its own: all that it did might as well have come up to an hour earlier or later, each
          member by an amount of its own. Bursts and sessions of single accounts are part of the null.
Evidence  The logarithms of how many exchanges lie between two of one account, summed (least where the others wait),
          against up to 999 logs with the members moved; what the loudest six hours have beyond the others is left out.
Blind to  Pools that spread work; spells of one account that last for many hours. One person with several accounts
          keeps to one at a time as well: that is one operator, and the other axes tell whether it matters.
Source    Relays in use: a key of the conversation or of the system text sticks to an account for an hour. Pattern
          jitter: Amarasingham et al. 2012, Journal of Neurophysiology 107(2).
"""

from __future__ import annotations

from stillwatch.evidence.turns import TurnSignal

SIGNAL = TurnSignal(
    name="sticky_runs",
    null="the members' clocks are their own, so one's work does not hold off the work of the others",
    sign=-1,
    comes="goes on {seen:.1f} exchanges after its last",
    telling="they work one at a time, as behind a relay that keeps to an account",
    otherwise="they hardly keep out of each other's way",
)
