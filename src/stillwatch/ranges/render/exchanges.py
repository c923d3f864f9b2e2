"""From rows of a plan to canonical exchanges and their truth: whole columns, the text by the grammar's kernel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.exchanges.schema import EXCHANGE_FIELDS, INSTANT
from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.tokens import chosen, named
from stillwatch.ranges.hashing import mix, unit
from stillwatch.ranges.render import reasoning
from stillwatch.ranges.render.habits import HabitColumns
from stillwatch.ranges.render.usage import usage
from stillwatch.ranges.text import Answers, Refs, Talk
from stillwatch.ranges.traffic.habits import MODELS, PLATFORMS
from stillwatch.ranges.traffic.plan import OK, Plan
from stillwatch.ranges.traffic.scene import Scene

LOG_SCHEMA: Final = pa.schema(list(EXCHANGE_FIELDS))
TRUTH_SCHEMA: Final = pa.schema(
    [(name, pa.string()) for name in ("exchange_id", "account_id", "campaign", "kind", "capability")]
)
ERRORS: Final = {429: "rate_limit_error", 529: "overloaded_error", 403: "permission_error", 500: "api_error"}
# How often a provider's own filter calls a refused request of a kind an attempt at hidden reasoning: it goes by the
# words, so honest requests for steps are hit, too.
TAKEN_FOR_TRACES: Final = {
    "cot_harvest": 0.8, "probing_harvest": 0.9, "paraphrased_harvest": 0.6, "lone_harvest": 0.6, "injected_relay": 0.4,
    "tutor": 0.5, "eval_run": 0.5, "class_campus": 0.5, "class_homes": 0.5, "refusal_research": 0.5, "ci_judge": 0.3,
}  # fmt: skip
_CUT: Final = 0.01  # of answers end at a limit of length


@dataclass
class Renderer:
    """Renders plans of one scene; `start` is its start in microseconds since 1970."""

    scene: Scene
    start: int

    def __post_init__(self) -> None:
        accounts = self.scene.roster.rows
        self._ids = named("acct_", accounts["uid"], 14)
        self._keys = named("key_", mix(accounts["uid"], 19), 12)
        self._orgs = named("org_", accounts["org"], 14, null=accounts["org"] == 0)
        self._habits = HabitColumns(self.scene.habits.known)
        self._clients = {
            name: clients.column(name) for name in ("user_agent", "sdk", "header_hash", "ja4", "api")
        }
        self._about = self.scene.about_argument
        known = self.scene.labels.known
        self._taken_for_traces = np.array([TAKEN_FOR_TRACES.get(k.kind, 0.05) for k in known])
        self._labels = {
            name: pa.array([getattr(k, name) for k in known], pa.string())
            for name in ("campaign", "kind", "capability")
        }

    def batch(self, plan: Plan) -> pa.RecordBatch:
        """Return the exchanges of `plan`, in its order, as LOG_SCHEMA."""
        columns = self._who(plan) | self._where(plan) | self._said(plan) | self._habits.columns(plan["habit"])
        columns["time"] = pa.array(self.start + np.floor(plan["time"] * 1e6).astype(np.int64)).cast(INSTANT)
        columns["exchange_id"] = named("ex_", plan["uid"], 14)
        columns["model"] = chosen(plan["model"], MODELS)
        columns["platform"] = chosen(plan["platform"], PLATFORMS)
        columns |= usage(plan, columns)
        made = [columns[f.name] if f.name in columns else pa.nulls(len(plan), f.type) for f in LOG_SCHEMA]
        arrays = [a.cast(f.type) if a.type != f.type else a for a, f in zip(made, LOG_SCHEMA, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=LOG_SCHEMA)

    def truth(self, plan: Plan) -> pa.RecordBatch:
        """Return the truth of the same rows."""
        label = pa.array(plan["label"])
        arrays = [
            named("ex_", plan["uid"], 14),
            self._ids.take(pa.array(plan["account"])),
            *(self._labels[name].take(label) for name in ("campaign", "kind", "capability")),
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=TRUTH_SCHEMA)

    def _who(self, plan: Plan) -> dict[str, Any]:
        account = pa.array(plan["account"])
        declared = self.scene.roster.rows["declared"][plan["account"]] <= plan["time"]
        org = self._orgs.take(account)
        return {
            "account_id": self._ids.take(account),
            "key_id": self._keys.take(account),
            "org_id": pc.if_else(pa.array(declared), org, pa.scalar(None, pa.string())),
            "end_user_id": named("eu_", plan["end_user"], 14, null=plan["end_user"] == 0),
            "session_id": named("sess_", plan["session"], 14, null=plan["session"] == 0),
            "device_id": named("", plan["device"], 16, null=plan["device"] == 0),
            "conn_id": named("", mix(plan["conn"], 3), 16),
        }

    def _where(self, plan: Plan) -> dict[str, Any]:
        program, tls = pa.array(plan["client"]), pa.array(plan["tls"])
        shown = {n: self._clients[n].take(program) for n in ("user_agent", "sdk", "header_hash", "api")}
        return self.scene.networks.columns(plan["network"]) | shown | {"ja4": self._clients["ja4"].take(tls)}

    def _said(self, plan: Plan) -> dict[str, Any]:
        """Return the text of requests and answers, and what follows from whether there was an answer."""
        texts, talk = self.scene.texts, talk_of(plan)
        topic = np.where(self._about[plan["script"]], plan["arg0_topic"], plan["topic"])
        said = texts.answers(replace(talk, topic=topic))
        system = Refs(
            plan["system"], plan["system_topic"], plan["system_seed"], np.zeros(len(plan), np.uint16)
        )
        answered = plan["status"] == OK
        gone = pa.array(~answered)
        nothing = pa.scalar(None, pa.string())
        taken_for_traces = unit(mix(plan["uid"], 139)) < self._taken_for_traces[plan["label"]]
        category = np.where(said.refused & answered, np.where(taken_for_traces, 0, 1), -1)
        status = pa.array(plan["status"].astype(np.int64))
        return {
            "system": texts.render(system),
            "messages": texts.messages(talk),
            "output": pc.if_else(gone, nothing, said.output),
            "tool_calls": _tool_calls(said, answered),
            "finish_reason": _finish(plan, said, answered),
            "refusal_category": chosen(category, ("reasoning_extraction", "usage_policy")),
            "status": status,
            "error_type": pa.array([ERRORS.get(s) for s in plan["status"].tolist()], pa.string()),
        } | reasoning.columns(plan)


def talk_of(plan: Plan) -> Talk:
    """Return the columns of a plan that the grammar speaks from."""
    plain = np.zeros(len(plan), np.uint16)
    arguments = {
        f"arg{i}": Refs(plan[f"arg{i}"], plan[f"arg{i}_topic"], plan[f"arg{i}_seed"], plain) for i in (0, 1)
    }
    names = ("script", "topic", "thread", "thread2", "first", "fork", "turn", "sample", "closing", "profile")
    columns: dict[str, Any] = {name: plan[name] for name in names} | arguments
    return Talk(**columns)


def _finish(plan: Plan, said: Answers, answered: NDArray[np.bool_]) -> pa.Array:
    calls = _has_call(said)
    cut = unit(mix(plan["uid"], 127)) < _CUT
    reason = np.select([~answered, said.refused, calls, cut], [0, 1, 2, 3], 4)
    return chosen(reason, ("error", "refusal", "tool_calls", "length", "stop"))


def _has_call(said: Answers) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.is_valid(said.call_name).to_numpy(zero_copy_only=False)
    return found


def _tool_calls(said: Answers, answered: NDArray[np.bool_]) -> pa.Array:
    """Return a list of one tool call for rows that have one, null for the others."""
    has = _has_call(said) & answered
    offsets = np.concatenate([[0], np.cumsum(has)]).astype(np.int32)
    hit = pa.array(np.flatnonzero(has))
    calls = pa.StructArray.from_arrays(
        [said.call_name.take(hit), said.call_arguments.take(hit)], names=["name", "arguments"]
    )
    return pa.ListArray.from_arrays(pa.array(offsets), calls, mask=pa.array(~has))
