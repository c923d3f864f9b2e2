"""Source code and shell output for simulated coding work: small, varied, syntactically plausible."""

from __future__ import annotations

from random import Random

from stillwatch.ranges.prose import pick

_THINGS = [
    "order",
    "invoice",
    "session",
    "token",
    "batch",
    "sensor",
    "ticket",
    "route",
    "price",
    "user",
    "window",
    "block",
    "page",
    "shard",
    "report",
    "lease",
    "packet",
    "frame",
    "event",
    "job",
    "tenant",
    "quota",
    "bucket",
    "cursor",
    "widget",
    "avatar",
    "ledger",
    "draft",
    "signal",
    "vendor",
]
_ACTS = [
    "load",
    "parse",
    "merge",
    "render",
    "verify",
    "rotate",
    "flush",
    "collect",
    "split",
    "rank",
    "resolve",
    "encode",
    "throttle",
    "prune",
    "fetch",
    "apply",
    "patch",
    "restore",
    "publish",
    "schedule",
    "compare",
    "archive",
    "normalise",
    "dispatch",
    "reserve",
]
_FIELDS = [
    "status",
    "total",
    "owner",
    "region",
    "expiry",
    "version",
    "source",
    "amount",
    "retries",
    "offset",
    "label",
    "weight",
]
_FAULTS = (
    "KeyError: '{f}'",
    "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'",
    "AssertionError: expected {n}, got {m}",
    "ValueError: invalid literal for int() with base 10: '{f}'",
    "IndexError: list index out of range",
    "TimeoutError: {t} not ready after {n} s",
    "AttributeError: 'NoneType' object has no attribute '{f}'",
)
_WISHES = (
    "Fix the failing test in {p}",
    "Add a --{f} option to the {t} command",
    "Refactor {a}_{t} so that it no longer mutates its input",
    "{a}_{t} is slow for more than {n} rows, make it faster",
    "Write tests for {p}",
    "The {t} page shows the wrong {f} after a reload. Find out why",
    "Migrate the {t} table: add a {f} column with default {n}",
    "Why does {p} raise `{x}`? Please fix it",
    "Rename {f} to {g} in the {t} module and update all callers",
    "Document {a}_{t} and remove dead code around it",
)


def path(rng: Random) -> str:
    """Return a path of a source file in some project."""
    return f"src/{pick(rng, _THINGS)}/{pick(rng, _ACTS)}_{pick(rng, _THINGS)}.py"


def function(rng: Random) -> str:
    """Return a short Python function."""
    thing, act, one, two = pick(rng, _THINGS), pick(rng, _ACTS), pick(rng, _FIELDS), pick(rng, _FIELDS)
    bound = int(rng.random() * 900) + 2
    return (
        f"def {act}_{thing}({thing}s, {one}={bound}):\n"
        f"    chosen = [{thing} for {thing} in {thing}s if {thing}.{two} > {one}]\n"
        f"    chosen.sort(key=lambda {thing}: ({thing}.{one}, -{thing}.{two}))\n"
        f"    return {{{thing}.{two}: {thing} for {thing} in chosen[:{bound % 17 + 1}]}}"
    )


def fault(rng: Random) -> str:
    """Return the last line of a traceback."""
    return pick(rng, _FAULTS).format(
        f=pick(rng, _FIELDS), t=pick(rng, _THINGS), n=int(rng.random() * 99), m=int(rng.random() * 99)
    )


def task(rng: Random) -> str:
    """Return what a developer asks a coding agent to do."""
    return pick(rng, _WISHES).format(
        p=path(rng),
        t=pick(rng, _THINGS),
        a=pick(rng, _ACTS),
        f=pick(rng, _FIELDS),
        g=pick(rng, _FIELDS),
        x=fault(rng),
        n=int(rng.random() * 9000),
    )


def tool_result(rng: Random) -> str:
    """Return what a tool gives back to an agent: a file, a search result or a test run."""
    turn = rng.random()
    if turn < 0.4:
        return f"{path(rng)}\n```python\n{function(rng)}\n\n\n{function(rng)}\n```"
    if turn < 0.7:
        return "\n".join(
            f"{path(rng)}:{int(rng.random() * 800)}: {pick(rng, _ACTS)}_{pick(rng, _THINGS)}("
            for _ in range(6)
        )
    return (
        f"collected {int(rng.random() * 400)} items\nFAILED {path(rng)}::test_{pick(rng, _ACTS)}_"
        f"{pick(rng, _THINGS)} - {fault(rng)}\n{int(rng.random() * 9) + 1} failed in {rng.random() * 60:.2f}s"
    )


def change(rng: Random) -> str:
    """Return an agent's words about what it does next."""
    return (
        f"The {pick(rng, _FIELDS)} of each {pick(rng, _THINGS)} is read before `{pick(rng, _ACTS)}_"
        f"{pick(rng, _THINGS)}` has run, so {fault(rng)} follows. I change {path(rng)}:\n"
        f"```python\n{function(rng)}\n```"
    )
