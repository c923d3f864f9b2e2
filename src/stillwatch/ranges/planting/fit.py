"""Fitting: generated exchanges as the operator's log would have told them, column by column.

What the campaign does stays: its text, its order and pace, who shares an account, an address or a connection. How it
is told is the log's: the fields that it carries, the patterns in which they are missing, the looks of ids, the
resolution of times, client programs, models, tokens for so much text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.exchanges.schema import EXCHANGE_FIELDS, INSTANT
from stillwatch.ranges.actors import clients
from stillwatch.ranges.planting.addresses import PLACE, Addresses, Place
from stillwatch.ranges.planting.donors import Donors
from stillwatch.ranges.planting.instructions import instructed
from stillwatch.ranges.planting.naming import FAMILY, Naming
from stillwatch.ranges.planting.profile import BODIES, Profile, text_bytes, times_of
from stillwatch.ranges.planting.usage import usage
from stillwatch.ranges.traffic.habits import LARGE, LAUNCHED
from stillwatch.ranges.traffic.plan import OK, Plan

SCHEMA: Final = pa.schema(EXCHANGE_FIELDS)
STEPS: Final = (1_000_000, 100_000, 10_000, 1_000, 100, 10)  # microseconds
# Told as the donor row tells them.
_PRINTS: Final = (
    "user_agent", "sdk", "header_hash", "platform", "api", "model_served", "temperature", "top_p",
)  # fmt: skip
# The campaign's own values where it has any, the donor's otherwise; absent where the donor leaves them out.
_SENT: Final = (
    "max_tokens", "n", "seed", "logprobs", "stream", "response_format", "reasoning_effort",
)  # fmt: skip
_OF_ACCOUNTS: Final = ("org_id", "project_id", "key_id", "device_id", "end_user_id")
_FEW: Final = 20  # rows that say little about a class's resolution of time


@dataclass
class Fitter:
    """What generated rows are fitted with; one for a planting, so that one client stays one client."""

    profile: Profile
    rng: np.random.Generator
    moves: bool = False  # the design moves to another model by itself

    def __post_init__(self) -> None:
        self.donors = Donors(self.profile, self.rng)
        self.addresses = Addresses(self.profile, self.rng)
        self.naming = Naming(self.profile, self.rng)

    def fit(self, rows: pa.Table, plan: Plan, kinds: Sequence[str | None]) -> pa.Table:
        """Return n generated exchanges (LOG_SCHEMA) and their plan as rows of the log, with `exchange_id` left null.

        Rows must ascend in time; they come back in order, their times cut to the log's resolution. `kinds` names what
        harvests each row, None for rows that harvest nothing.
        """
        batch = rows.combine_chunks().to_batches()[0]
        client, pipeline = self._clients(batch), pipelines(batch.column("system"), kinds)
        requests = self._requests(batch, plan, client, pipeline)
        told, fate = (self.profile.sample.take(pa.array(donor)) for donor in self._donors(requests))
        sends = told["has_system"].to_numpy()
        system, messages = instructed(batch.column("system"), batch.column("messages"), pipeline, sends)
        made: dict[str, Any] = {name: batch.column(name) for name in BODIES}
        made |= {"system": system, "messages": messages}
        made |= {name: told[name] for name in _PRINTS}
        made |= {
            name: pc.if_else(pc.is_valid(told[name]), pc.coalesce(batch.column(name), told[name]), None)
            for name in _SENT
        }
        made |= self._who(batch, plan, told) | self._outcome(batch, fate)
        made |= self._places(batch, client, told)
        made |= usage(self.profile.sample, self.donors, client, text_bytes(batch), fate)
        made["model"] = pa.array(self._models(plan, client), pa.string())
        made["ja4"] = self._hellos(batch, client, told)
        made["time"] = pa.array(self._times(times_of(batch), client)).cast(INSTANT)
        columns = [self._column(made, name, kind, len(batch)) for name, kind in EXCHANGE_FIELDS]
        return pa.Table.from_arrays(columns, schema=SCHEMA)

    def _column(self, made: dict[str, Any], name: str, kind: pa.DataType, count: int) -> pa.Array:
        if name not in made or name not in self.profile.columns:
            return pa.nulls(count, kind)
        column = made[name]
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        return whole.cast(kind)

    def _clients(self, batch: pa.RecordBatch) -> NDArray[np.int64]:
        """Return the client class of each row."""
        told = zip(*(batch.column(n).to_pylist() for n in ("user_agent", "sdk", "platform")), strict=True)
        return np.array([self.donors.program(*each) for each in told], dtype=np.int64)

    def _model(self, client: int, number: int) -> str | None:
        # a campaign's move to a successor model is its own only where the log has one; else it stays
        planted = LARGE if number == LAUNCHED and not self.moves else number
        return self.donors.model(client, planted)

    def _models(self, plan: Plan, client: NDArray[np.int64]) -> list[str | None]:
        return [self._model(c, m) for c, m in zip(client.tolist(), plan["model"].tolist(), strict=True)]

    def _requests(
        self, batch: pa.RecordBatch, plan: Plan, client: NDArray[np.int64], pipeline: NDArray[np.str_]
    ) -> NDArray[np.int64]:
        """Return what tells kinds of requests apart, i64[n, 7]: class, model, bodies, status, habit.

        A pipeline sends a system text or not as its donor does; of others it must be as it is (0, 1; -1: either).
        """
        has = [
            pc.is_valid(batch.column(n)).to_numpy(zero_copy_only=False).astype(np.int64)
            for n in ("system", "tool_calls", "tools")
        ]
        has[0] = np.where(pipeline != "", -1, has[0])
        model = np.where((plan["model"] == LAUNCHED) & (not self.moves), LARGE, plan["model"])
        return np.stack([client, model, *has, plan["status"], plan["habit"]], axis=1).astype(np.int64)

    def _donors(self, requests: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each row the donor row of its request, and the one of how it ended."""
        unique, back = np.unique(requests, axis=0, return_inverse=True)
        chosen = np.zeros((len(unique), 2), dtype=np.int64)
        answered: dict[tuple[int, ...], int] = {}  # one program asks alike, whatever it is answered
        for row, (client, model, *traits, status, habit) in enumerate(unique.tolist()):
            key, name = (client, model, *traits, habit), self._model(client, model)
            if key not in answered:
                answered[key] = self.donors.like(client, name, traits, None)
            refused = status != OK
            fate = self.donors.like(client, name, traits, status) if refused else answered[key]
            chosen[row] = answered[key], fate
        found = chosen[back.reshape(-1)]
        return found[:, 0], found[:, 1]

    def _who(self, batch: pa.RecordBatch, plan: Plan, told: pa.Table) -> dict[str, Any]:
        """Return the ids: of accounts and what belongs to one, of conversations, of connections."""
        accounts = batch.column("account_id").to_pylist()
        _, first, back = np.unique(plan["account"], return_index=True, return_inverse=True)
        made: dict[str, Any] = {"account_id": self.naming.one_each("account_id", accounts)}
        for name in _OF_ACCOUNTS:  # an account has one or has none
            there = pc.is_valid(told[name]).to_numpy()[first][back.reshape(-1)]
            made[name] = _where(there, self.naming.one_each(name, accounts))
        threads: list[Any] = list(zip(accounts, plan["thread"].tolist(), strict=True))
        if not self.naming.repeats["session_id"]:  # this log numbers requests, not conversations
            threads = list(zip(threads, range(len(batch)), strict=True))
        for name, keys in (("session_id", threads), ("conn_id", batch.column("conn_id").to_pylist())):
            made[name] = _where(pc.is_valid(told[name]).to_numpy(), self.naming.one_each(name, keys))
        hashes = batch.column("tools_hash").to_pylist()
        made["tools_hash"] = _where(
            np.array([h is not None for h in hashes]), self.naming.one_each("tools_hash", hashes)
        )
        for name, other in self.naming.copies.items():
            if other in made and name in made:
                made[name] = _where(np.array([v is not None for v in made[name]]), made[other])
        return {name: pa.array(values, pa.string()) for name, values in made.items()}

    def name_requests(self, table: pa.Table, taken: set[str]) -> pa.Table:
        """Return fitted rows with exchange and response ids; none of the exchange ids is `taken`."""
        at = times_of(table)
        families = list(zip(*(table[n].to_pylist() for n in FAMILY), strict=True))
        sample, columns = self.profile.sample, {}
        columns["exchange_id"] = self.naming.requests("exchange_id", at, families, taken)
        if "response_id" in self.profile.columns:
            often = pc.mean(pc.is_valid(sample["response_id"]).cast(pa.float64())).as_py()
            fresh = self.naming.requests("response_id", at, families, set())
            given = columns["exchange_id"] if self.naming.copies["response_id"] == "exchange_id" else fresh
            there = np.array([o is not None for o in table["output"].to_pylist()]) & (often > 0)
            columns["response_id"] = _where(there, given)
        for name, values in columns.items():
            place = table.schema.get_field_index(name)
            table = table.set_column(place, SCHEMA.field(name), pa.array(values, pa.string()))
        return table

    def _outcome(self, batch: pa.RecordBatch, told: pa.Table) -> dict[str, Any]:
        """Return how requests ended, in the log's words."""
        known = pc.unique(self.profile.sample["finish_reason"])
        usual = pc.mode(
            self.profile.sample["finish_reason"].drop_null().dictionary_encode().combine_chunks().indices
        )
        reason = batch.column("finish_reason")
        words = pc.if_else(pc.is_in(reason, known), reason, "stop" if len(usual) else None)
        answered = pc.equal(batch.column("status"), OK)
        return {
            "status": pc.if_else(
                answered,
                pc.if_else(pc.is_valid(told["status"]), batch.column("status"), None),
                told["status"],
            ),
            "error_type": pc.if_else(answered, None, told["error_type"]),
            "finish_reason": pc.if_else(
                answered, pc.if_else(pc.is_valid(told["finish_reason"]), words, None), told["finish_reason"]
            ),
            "refusal_category": batch.column("refusal_category"),
        }

    def _places(self, batch: pa.RecordBatch, client: NDArray[np.int64], told: pa.Table) -> dict[str, Any]:
        planted = zip(
            batch.column("ip").to_pylist(), batch.column("ip_class").to_pylist(), client.tolist(), strict=True
        )
        rows = {c: self.donors.rows(c) for c in np.unique(client).tolist()}
        found: list[Place] = [self.addresses.place(ip, kind, rows[c]) for ip, kind, c in planted]
        there = pc.is_valid(told["ip"]).to_numpy()
        return {
            name: pa.array(_where(there, [place[i] for place in found]), SCHEMA.field(name).type)
            for i, name in enumerate(PLACE)
        }

    def _hellos(self, batch: pa.RecordBatch, client: NDArray[np.int64], told: pa.Table) -> pa.Array:
        """Return TLS prints: the program's own, or the relay's where it hands its customers' programs on."""
        natural = {c.user_agent: c.ja4 for c in clients.CLIENTS}
        owner = {c.ja4: c for c in clients.CLIENTS}
        found = told["ja4"].to_pylist()
        agents, prints = batch.column("user_agent").to_pylist(), batch.column("ja4").to_pylist()
        platforms = batch.column("platform").to_pylist()
        for row, (agent, print_) in enumerate(zip(agents, prints, strict=True)):
            if found[row] is not None and natural.get(agent) != print_ and print_ in owner:
                relay = owner[print_]
                stands = self.donors.program(relay.user_agent, relay.sdk, platforms[row])
                found[row] = self._hello(stands) or found[row]
        return pa.array(found, pa.string())

    def _hello(self, client: int) -> str | None:
        prints = self.profile.sample["ja4"].take(pa.array(self.donors.rows(client))).to_pylist()
        return next((p for p in prints if p is not None), None)

    def _times(self, at: NDArray[np.int64], client: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return times cut to the resolution at which the log tells those of each class; they still ascend."""
        known = times_of(self.profile.sample)
        cut = at.copy()
        for each in np.unique(client).tolist():
            rows = self.donors.rows(each)
            step = resolution(known[rows] if len(rows) >= _FEW else known)
            mine = client == each
            cut[mine] = at[mine] // step * step
        return np.maximum(cut, self.profile.first)


def resolution(times: NDArray[np.int64]) -> int:
    """Return the coarsest of the usual steps, in microseconds, that all times fall on."""
    return next((step for step in STEPS if len(times) and not (times % step).any()), 1)


def _where(there: NDArray[np.bool_], values: list[Any]) -> list[Any]:
    return [value if keep else None for keep, value in zip(there.tolist(), values, strict=True)]


def pipelines(system: pa.Array, kinds: Sequence[str | None]) -> NDArray[np.str_]:
    """Return the pipeline of each row: its kind where all its system texts are one, else ""."""
    texts: dict[str, set[str]] = {}
    for kind, text in zip(kinds, system.to_pylist(), strict=True):
        if kind is not None and text is not None:
            texts.setdefault(kind, set()).add(text)
    return np.array(
        [kind if kind is not None and len(texts.get(kind, ())) == 1 else "" for kind in kinds], dtype=str
    )
