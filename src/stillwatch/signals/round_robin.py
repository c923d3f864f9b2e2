"""Round robin: the work goes round the accounts, each having its turn after the others.

Null      Each member's clock is its own: all that it did might as well have come up to an hour earlier or later, each
          member by an amount of its own. Schedules that single accounts keep are part of the null, so two programs that
          run every five minutes and alternate for ever say nothing.
Evidence  The logarithms of how many exchanges lie between two of one account, summed (most where turns are even),
          against up to 999 logs with the members moved; what the loudest six hours have beyond the others is left out.
Blind to  Sticky and fill-first pools, and weighted random ones with an even flow; a few exchanges a day.
Source    Relays in use: strict round robin and least-recently-used choice are common defaults. Pattern jitter:
          Amarasingham et al. 2012, Journal of Neurophysiology 107(2).
"""

from __future__ import annotations

from stillwatch.evidence.turns import TurnSignal

SIGNAL = TurnSignal(
    name="round_robin",
    null="the members' clocks are their own, so nobody waits for the turns of the others",
    sign=1,
    comes="comes again {seen:.1f} exchanges after its last turn",
    telling="each has its turn after the others, as a relay deals work out",
    otherwise="nobody seems to wait for the others",
)
