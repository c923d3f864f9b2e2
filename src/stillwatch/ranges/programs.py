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
    return f"src/{pick(rng, _THINGS)}/{pick(rng, _ACTS)}_{name(rng)}.py"


def name(rng: Random) -> str:
    """Return an identifier of one to three words, as projects have them: most are one project's own."""
    words = [pick(rng, _THINGS)]
    if rng.random() < 0.7:
        words.insert(0, pick(rng, _ADJECTIVES if rng.random() < 0.5 else _THINGS))
    if rng.random() < 0.3:
        words.append(pick(rng, _FIELDS))
    return "_".join(words)


def function(rng: Random) -> str:
    """Return a Python function of a few lines, each drawn by itself."""
    subject, result = name(rng), name(rng)
    lines = [f"def {pick(rng, _ACTS)}_{name(rng)}({subject}s, {name(rng)}={int(rng.random() * 900)}):"]
    lines.append(f"    {result} = {pick(rng, _STARTS)}")
    for _ in range(1 + int(rng.random() * 4)):
        line = pick(rng, _LINES)
        lines += line.format(
            s=subject,
            r=result,
            a=name(rng),
            b=name(rng),
            f=pick(rng, _FIELDS),
            g=pick(rng, _FIELDS),
            v=pick(rng, _ACTS),
            n=int(rng.random() * 500),
        ).split("\n")
    lines.append(f"    return {result}")
    return "\n".join(lines)


_STARTS = ("{}", "[]", "set()", "None", "0", "defaultdict(list)", "Counter()")
_ADJECTIVES = (
    "pending",
    "stale",
    "remote",
    "merged",
    "signed",
    "nested",
    "cached",
    "failed",
    "daily",
    "shared",
    "hidden",
    "partial",
    "raw",
    "final",
    "visible",
    "archived",
)
_LINES = (
    "    for {a} in {s}s:\n        if {a}.{f} > {n}:\n            {r} = {v}({r}, {a}.{g})",
    "    {a} = [{b} for {b} in {s}s if {b}.{f}]",
    "    {s}s.sort(key=lambda {a}: ({a}.{f}, -{a}.{g}))",
    "    with self.{a}_lock:\n        self.{b} += {n}",
    "    if not {s}s:\n        raise ValueError(f'{a}: expected {b}, found {{len({s}s)}}')",
    "    {a} = {v}_{b}({s}s[:{n}], {f}=True)",
    "    log.debug('%s {a} of %s', len({s}s), {b})",
    "    try:\n        {a} = {s}s.{v}({n})\n    except {b}.Missing:\n        {a} = None",
    "    {a} = {{{b}.{f}: {b} for {b} in {s}s}}",
    "    assert {a}.{f} <= {n}, {b}",
    "    while {a} and {a}[-1].{f} < {n}:\n        {b} = {a}.pop()",
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
    lot = rng.random()
    if lot < 0.4:
        return f"{path(rng)}\n```python\n{function(rng)}\n\n\n{function(rng)}\n```"
    if lot < 0.7:
        hits = (f"{path(rng)}:{int(rng.random() * 800)}: {pick(rng, _ACTS)}_{name(rng)}(" for _ in range(6))
        return "\n".join(hits)
    test = f"{path(rng)}::test_{pick(rng, _ACTS)}_{name(rng)}"
    return (
        f"collected {int(rng.random() * 400)} items\nFAILED {test} - {fault(rng)}\n"
        f"{int(rng.random() * 9) + 1} failed in {rng.random() * 60:.2f}s"
    )


def change(rng: Random) -> str:
    """Return an agent's words about what it does next."""
    said = pick(rng, _REASONS).format(
        a=name(rng), b=name(rng), f=pick(rng, _FIELDS), v=pick(rng, _ACTS), x=fault(rng), p=path(rng)
    )
    if rng.random() < 0.4:
        return said
    return f"{said}\n```python\n{function(rng)}\n```"


_REASONS = (
    "The {f} of `{a}` is read before `{v}_{b}` has run, so {x} follows. I change {p}:",
    "`{a}` and `{b}` disagree about {f}. Looking at {p} next.",
    "{x} comes from {p}: nothing sets {f} on `{a}` when `{b}` is empty.",
    "Let me {v} `{a}` first and see whether `{b}` still fails.",
    "Found it: `{v}_{a}` drops {f} after `{b}`. The fix in {p} keeps it.",
    "I will look for callers of `{a}` before touching {f} in {p}.",
    "Tests for `{b}` pass now; `{a}` needs the same {f} in {p}.",
)
