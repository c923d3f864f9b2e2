"""The scene of a range: its clock, its accounts, its texts, and where finished plans go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.labels import Label, Labels
from stillwatch.ranges.actors.networks import Networks
from stillwatch.ranges.actors.roster import (
    ACCOUNT,
    DISPOSABLE_MAIL,
    FREE_MAIL,
    LABEL_BITS,
    STATUSES,
    Accounts,
    Roster,
)
from stillwatch.ranges.hashing import mix, stream, unit
from stillwatch.ranges.text import Script, Texts
from stillwatch.ranges.traffic import habits as h
from stillwatch.ranges.traffic.crossings import crossings
from stillwatch.ranges.traffic.plan import Plan

DAY: Final = 86_400.0
_LAPSES = 0.01  # unpaid bills end honest accounts too
_IN_PROGRAMME = 0.08  # of accounts came by an education, research or start-up programme
_OWN_ORG = 0.3  # of accounts are the only one of an organisation
_PERSONAL = 0.6  # of private people use a browser rather than an SDK


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of traffic in a population: how many accounts and, about, how many exchanges."""

    kind: str
    accounts: int
    exchanges: int
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None  # of a campaign; made from the kind where absent


class Scene:
    """Everything a kind of traffic needs to write itself into a plan."""

    def __init__(self, seed: int, days: float, texts: Texts, sink: Callable[[Plan], None]) -> None:
        self.seed, self.days, self.texts = seed, days, texts
        self.launch = days * DAY * 0.6  # when a new model comes out
        self.networks = Networks(self.rng("networks"))
        self.roster, self.labels, self.habits = Roster(), Labels(), h.Habits()
        self.rows = 0
        self._sent: list[NDArray[np.int64]] = []  # account and label of what was sent for campaigns
        self.events: dict[str, NDArray[np.int64]] = {}  # of each kind of crossing, rows by label
        self._sink = sink
        self._firms: list[Accounts] = []  # accounts of firms that have a workload already
        self._about_argument: dict[int, bool] = {}

    @property
    def span(self) -> float:
        """The length of the range in seconds."""
        return self.days * DAY

    def rng(self, *name: object) -> np.random.Generator:
        """Return a generator of its own for one part, so that parts do not disturb each other."""
        return np.random.default_rng(stream(self.seed, *map(str, name)))

    def ids(self, *name: object, count: int) -> NDArray[np.uint64]:
        """Return `count` distinct pseudo-random numbers, for threads, topics, cards and the like; none is 0."""
        key = np.uint64(stream(self.seed, "ids", *map(str, name)))
        found: NDArray[np.uint64] = mix(key, np.arange(count, dtype=np.uint64))
        return np.where(found == 0, key, found)

    # Accounts

    def register(
        self, rng: np.random.Generator, count: int, label: Label, role: str = "benign", **given: Any
    ) -> Accounts:
        """Open `count` accounts; `given` sets fields of `roster.ACCOUNT`, the rest is an ordinary customer's.

        `network` and `client` must be given. Returns their numbers in the roster.
        """
        at = self.roster.size
        rows = np.zeros(count, ACCOUNT)
        own = mix(np.uint64(stream(self.seed, "accounts")), np.arange(at, at + count, dtype=np.uint64))
        age = np.minimum(rng.lognormal(4.6, 1.1, count), 1500)  # days; median 100
        free = rng.random(count) < 0.6
        rows["uid"], rows["mailbox"] = own, mix(own, 1)
        rows["org"] = np.where(rng.random(count) < _OWN_ORG, mix(own, 5), 0)
        rows["card"], rows["firm"] = mix(own, 2), mix(own, 3)
        rows["phone"] = np.where(rng.random(count) < 0.6, mix(own, 4), 0)
        rows["zone"] = np.round(rng.normal(0, 5, count))
        rows["born"] = -age * DAY
        rows["plan"] = rng.choice([0, 0, 1, 2], count)
        rows["programme"] = np.where(rng.random(count) < _IN_PROGRAMME, rng.integers(0, 3, count), -1)
        rows["use"] = -1
        rows["mail"] = np.where(free, rng.choice(FREE_MAIL, count), -1)
        rows["verification"] = rng.choice([0, 1, 1, 2, 2, 3], count)
        rows["ended"] = np.nan
        rows["declared"] = -np.inf
        for name, value in given.items():
            rows[name] = value
        if "signup" not in given:
            rows["signup"] = rows["network"]
        if role == "benign":
            lapsed = rng.random(count) < _LAPSES
            rows["status"] = np.where(lapsed, STATUSES.index("suspended"), rows["status"])
            rows["ended"] = np.where(lapsed, self.span, rows["ended"])
        accounts = self.roster.open(rows)
        self.roster.attest(accounts, role, self.labels.number(label))
        return accounts

    @contextmanager
    def offstage(self) -> Iterator[None]:
        """Open accounts aside for a while: of people whose requests others' accounts will carry."""
        kept, self.roster = self.roster, Roster()
        try:
            yield
        finally:
            self.roster = kept

    def people(self, rng: np.random.Generator, count: int, label: Label, **given: Any) -> Accounts:
        """Open accounts of private people: most in a browser that reports a device, some with an SDK."""
        browses = rng.random(count) < _PERSONAL
        client = np.where(browses, rng.choice(clients.BROWSER, count), rng.choice(clients.SDK, count))
        device = np.where(browses, self.ids("device", self.roster.size, count=count), 0)
        shown = {"network": self.networks.home(rng, count), "client": client, "device": device}
        return self.register(rng, count, label, **(shown | given))

    def firms(
        self,
        rng: np.random.Generator,
        count: int,
        label: Label,
        programs: NDArray[np.int16] = clients.SERVER,
        **given: Any,
    ) -> Accounts:
        """Return accounts of firms for a workload: half of them have another workload in this range already."""
        known = np.concatenate([np.empty(0, np.int32), *self._firms])
        again = (
            rng.choice(known, min(count // 2, len(known)), replace=False)
            if not given and len(known)
            else known[:0]
        )
        shown: dict[str, Any] = {
            "network": self.networks.hosting(rng, count - len(again)),
            "client": rng.choice(programs, count - len(again)),
        }
        fresh = self.register(rng, count - len(again), label, **(shown | given))
        if not given:
            self._firms.append(fresh)
        self.roster.attest(again, "benign", self.labels.number(label))
        return np.concatenate([again, fresh]).astype(np.int32)

    def throwaway(self, rng: np.random.Generator, count: int) -> dict[str, Any]:
        """Return fields of freshly made identities: often disposable mail, little verification.

        Campaigns and some honest people alike make them.
        """
        thrown = rng.random(count) < 0.6
        return {
            "born": -rng.random(count) * 25 * DAY,
            "mail": np.where(thrown, rng.choice(DISPOSABLE_MAIL, count), rng.choice(FREE_MAIL, count)),
            "verification": rng.choice([0, 1, 1, 2], count),
            "plan": 0,
            "programme": np.where(rng.random(count) < 2 * _IN_PROGRAMME, rng.integers(0, 3, count), -1),
        }

    # Text

    def script(self, script: Script, language: str = "en", *, about_argument: bool = False) -> int:
        """Register a script; `about_argument`: its answers speak of what the first argument is about."""
        number = self.texts.script(script, language)
        self._about_argument[number] = about_argument
        return number

    def scripts(self, script: Script) -> NDArray[np.int16]:
        """Register a script in every language, in order of `texts.languages`."""
        return np.array([self.script(script, language) for language in self.texts.languages], dtype=np.int16)

    def languages(self, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
        """Return languages (places in `texts.languages`) by the mix of the world's traffic."""
        return rng.choice(len(self.texts.languages), count, p=self.texts.weights)

    @property
    def about_argument(self) -> NDArray[np.bool_]:
        """For each script, whether its answers speak of the first argument."""
        top = max(self._about_argument, default=-1) + 1
        return np.array([self._about_argument.get(i, False) for i in range(top)], dtype=bool)

    # Plans

    def emit(self, plan: Plan, *name: object) -> None:
        """Finish a plan (ids, connections, models that came out meanwhile) and pass it on."""
        if not len(plan):
            return
        kept = plan[(plan["time"] >= 0) & (plan["time"] < self.span)]
        kept["uid"] = mix(
            np.uint64(stream(self.seed, "exchange", *map(str, name))), np.arange(len(kept), dtype=np.uint64)
        )
        self._move_to_launched(kept)
        kept["conn"] = np.where(kept["conn"] == 0, self._connections(kept), kept["conn"])
        self.rows += len(kept)
        self._tally(kept)
        self._note(kept)
        self._sink(kept)

    @property
    def sent(self) -> NDArray[np.int64]:
        """Every account that sent requests for a campaign, with the label: account * 2^15 + label."""
        return np.unique(np.concatenate([np.empty(0, np.int64), *self._sent]))

    def _note(self, plan: Plan) -> None:
        """Remember which accounts sent requests for campaigns."""
        campaigns = np.array([k.campaign is not None for k in self.labels.known])
        rows = plan[campaigns[plan["label"]]]
        if len(rows):
            self._sent.append(np.unique((rows["account"].astype(np.int64) << LABEL_BITS) | rows["label"]))

    def _tally(self, plan: Plan) -> None:
        """Count what passes between accounts, by label."""
        for event, rows in crossings(plan).items():
            counted = np.bincount(plan["label"][rows], minlength=len(self.labels.known))
            known = self.events.get(event, np.zeros(0, np.int64))
            counted[: len(known)] += known
            self.events[event] = counted

    def _move_to_launched(self, plan: Plan) -> None:
        """Let users of the large model move to its successor: many at once, some never; a campaign as one."""
        campaigns = np.array([k.campaign is not None for k in self.labels.known])[plan["label"]]
        who = np.where(
            campaigns, plan["label"].astype(np.uint64) + np.uint64(1 << 40), plan["account"].astype(np.uint64)
        )
        lot = unit(mix(np.uint64(stream(self.seed, "launch")), who))
        waits = np.where(lot < 0.8, DAY * 40 * lot**4, np.inf)
        moved = (plan["model"] == h.LARGE) & (plan["time"] > self.launch + waits)
        plan["model"][moved] = h.LAUNCHED

    def _connections(self, plan: Plan) -> NDArray[np.uint64]:
        """Return connection ids: an account's own (kept while used every two minutes), or its gateway's."""
        accounts = self.roster.rows
        order = np.lexsort((plan["time"], plan["network"], plan["account"]))
        row = plan[order]
        fresh = np.ones(len(row), dtype=bool)
        fresh[1:] = (
            (row["account"][1:] != row["account"][:-1])
            | (row["network"][1:] != row["network"][:-1])
            | (np.diff(row["time"]) > 120)
        )
        own = np.empty(len(row), dtype=np.uint64)
        own[order] = mix(row["uid"][np.maximum.accumulate(np.where(fresh, np.arange(len(row)), 0))], 7)
        gateway = accounts["gateway"][plan["account"]]
        shared = mix(gateway, (plan["time"] // 1800).astype(np.uint64))
        return np.where(gateway > 0, shared, own)
