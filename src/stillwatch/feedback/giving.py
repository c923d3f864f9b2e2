"""Giving and taking back a word: plain operations on files.

No detector runs and no account is looked up anywhere, so that an appeal is heard although its account is suspended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from stillwatch.campaigns.model import ScanResult
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.fixtures import keep
from stillwatch.feedback.groups import GROUPS, KEPT, find_measured, known_seeds
from stillwatch.feedback.ledger import Appeal, Entry, Ledger, Says, append, read_ledger
from stillwatch.feedback.subject import Subject, event_time, find_subject, origin
from stillwatch.texts.access import reader, wall_clock

LONGEST = 4_000  # characters of a reason
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Given:
    """The entry made, and why no group as measured was kept with it (empty where one was, or none was due)."""

    entry: Entry
    without: str = ""


def give(
    state: Path,
    result: ScanResult,
    name: str,
    *,
    says: Says,
    by: str,
    because: str,
    appeal: Appeal | None = None,
    clock: Clock = wall_clock,
) -> Given:
    """Append a word on a campaign, an account or a near finding of some results, and keep its group as measured.

    The group is kept where the word labels it or an appeal was upheld. Raises FeedbackError where the words contradict
    each other, the results hold no such subject, or they were made with another secret than the state.
    """
    check_words(says, by, because, appeal)
    subject = find_subject(result, name)
    version, seed = origin(result.run)
    _same_secret(state, seed)
    due = says in ("honest", "campaign") or appeal == "upheld"
    measured = find_measured(state, seed, subject.key) if due and subject.key else None

    def make(entry_id: str, _ledger: Ledger) -> Entry:
        if measured is not None:  # first the fixture: no entry may speak of one that is not there
            keep(state, entry_id, *measured)
        return Entry(
            id=entry_id,
            recorded=_now(clock),
            by=by.strip(),
            because=because.strip(),
            subject=subject.name,
            about=subject.about,
            says=says,
            appeal=appeal,
            found=subject.found,
            stillwatch=version,
            seed_id=seed,
            event_time=event_time(result),
            fixture=measured is not None,
            user=reader(),
        )

    entry = append(state, make)
    return Given(entry, _without(subject) if due and measured is None else "")


def take_back(state: Path, entry_id: str, *, by: str, because: str, clock: Clock = wall_clock) -> Entry:
    """Append an entry that takes an earlier one back; nothing is erased.

    Raises FeedbackError where there is no such word or it was taken back before.
    """
    _check_person(by, because)

    def make(new_id: str, ledger: Ledger) -> Entry:
        old = ledger.find(entry_id)
        if old.retracts is not None:
            raise FeedbackError(
                f"{entry_id} takes {old.retracts} back\n  fix: say anew what holds: `feedback add`"
            )
        if old not in ledger.standing:
            raise FeedbackError(f"{entry_id} was taken back before\n  fix: see `stillwatch feedback list`")
        return Entry(
            new_id, _now(clock), by.strip(), because.strip(), old.subject, old.about, retracts=entry_id,
            seed_id=old.seed_id, user=reader(),
        )  # fmt: skip

    if not read_ledger(state).entries:  # or an empty ledger would be made
        raise FeedbackError(f"{state}: nobody has said anything yet\n  fix: name the right --state directory")
    return append(state, make)


def check_words(says: str, by: str, because: str, appeal: str | None) -> None:
    """Raise FeedbackError where words are unknown, missing, or contradict each other."""
    if says not in get_args(Says):
        raise FeedbackError(f"--says {says!r}\n  fix: say one of {', '.join(get_args(Says))}")
    if appeal is not None and appeal not in get_args(Appeal):
        raise FeedbackError(f"--appeal {appeal!r}\n  fix: say one of {', '.join(get_args(Appeal))}")
    _check_person(by, because)
    if (appeal, says) in {("upheld", "campaign"), ("rejected", "honest")}:
        raise FeedbackError(
            f"an appeal that is {appeal} and a subject that is {says} contradict each other\n"
            "  fix: an upheld appeal says honest (or resale, unclear), a rejected one campaign (or resale, unclear)"
        )


def _check_person(by: str, because: str) -> None:
    if not by.strip() or not because.strip():
        raise FeedbackError("a word needs a name and a reason\n  fix: --by NAME --because 'what was seen'")
    if len(because) > LONGEST or len(by) > LONGEST:
        raise FeedbackError(
            f"a reason may have {LONGEST} characters\n  fix: name the case where the rest is told"
        )


def _same_secret(state: Path, seed: str) -> None:
    """Refuse results of a secret that neither the ledger nor the recorded scans know: nothing would fit together."""
    known = known_seeds(state) | {entry.seed_id for entry in read_ledger(state).entries}
    if known and seed not in known:
        raise FeedbackError(
            f"{state}: these results were made with another secret ({seed or 'unnamed'}) than this state "
            f"({', '.join(sorted(known))})\n  fix: name the --state directory of the scan that wrote them"
        )


def _without(subject: Subject) -> str:
    if subject.key is None:
        return subject.why_no_group
    return f"the state's {GROUPS} hold no such group: it was scanned without this state, or over {KEPT} scans ago"


def _now(clock: Clock) -> str:
    return clock().astimezone(UTC).isoformat(timespec="seconds")
