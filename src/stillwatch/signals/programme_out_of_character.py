"""Programme out of character: access for education, research or start-ups, worked harder than nearly all others of it.

Null      The members are openly one customer, whose accounts in a programme work as hard as its other accounts, all
          alike or each by itself.
Evidence  Likelihood ratio on the number of members beyond nineteen in twenty outsiders of the same programme by load,
          with the customer as its sampling unit. What the work is after is not looked at here: the extraction axis
          weighs it, and may not be chosen by it.
Blind to  Members that stay within what their programme uses; programmes of fewer than twenty others.
Source    Threat model: free and subsidised access used for harvests; the test is our own.
"""

from __future__ import annotations

from stillwatch.evidence.marks import MarkSignal

SIGNAL = MarkSignal(
    name="programme_out_of_character",
    block="registration",
    null="openly one customer, whose accounts in a programme work as hard as others of it",
    fields=("programme",),
    mark="out_of_programme",
    does="with access by a programme work harder than nearly all others of it",
    ceiling=1.0,
)
