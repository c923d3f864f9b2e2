"""History of ids: which campaigns merged, which split off, which came back with other accounts, by event time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from stillwatch.campaigns.judging.distinct import CONTAINED, SAME_GROUP
from stillwatch.campaigns.lasting.records import Change, Known
from stillwatch.campaigns.model import VERDICTS


def merged_into(there: Mapping[str, frozenset[str]], now: Mapping[str, Known]) -> dict[str, str]:
    """Return the campaigns that are now part of another, by id.

    `there` holds the members of earlier campaigns that are in this scan; one merged where most of them are in
    a reported campaign and none goes on under its id.
    """
    found = {}
    for name, members in sorted(there.items()):
        if name in now or len(members) < 2:
            continue
        shares = sorted(
            (-len(members & frozenset(known.members)) / len(members), key) for key, known in now.items()
        )
        if shares and -shares[0][0] >= CONTAINED:
            found[name] = shares[0][1]
    return found


def split_from(before: Mapping[str, Known], now: Mapping[str, Known]) -> dict[str, str]:
    """Return the campaigns with an id of their own whose members were mostly another's, by id."""
    found = {}
    for name, known in sorted(now.items()):
        if name in before or len(known.members) < 2:
            continue
        members = frozenset(known.members)
        shares = sorted(
            (-len(members & frozenset(old.members)) / len(members), key) for key, old in before.items()
        )
        if shares and -shares[0][0] >= SAME_GROUP:
            found[name] = shares[0][1]
    return found


def changes(
    before: Mapping[str, Known],
    now: Mapping[str, Known],
    merged: Mapping[str, str],
    split: Mapping[str, str],
    succeeded: Collection[str],
    at: datetime,
) -> list[Change]:
    """Return what happened to ids in one scan, in a fixed order."""
    found = []
    for name, known in sorted(now.items()):
        old = before.get(name)
        if old is None:
            event = "split_from" if name in split else "named"
            found.append(Change(at, name, event, split.get(name)))  # type: ignore[arg-type]
        elif old.verdict is not None and known.verdict is not None and old.verdict != known.verdict:
            graver = VERDICTS.index(known.verdict) < VERDICTS.index(old.verdict)
            found += [Change(at, name, "upgraded", known.verdict)] if graver else []
        if name in succeeded:
            found.append(Change(at, name, "replaced"))
    found += [Change(at, name, "merged_into", into) for name, into in sorted(merged.items())]
    return found
