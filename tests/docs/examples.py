"""Runs the examples of a Markdown page, in order, as a reader would type them.

What runs:
- ```console blocks: each line `$ stillwatch …` (also `$ NAME=value stillwatch …`, `$ echo $?`, `$ cat FILE`),
  with the lines up to the next `$` as its expected output, as a terminal shows it.
  `...` inside a line stands for any text, a line `...` for any number of lines;
- ```python blocks, sharing one namespace a page;
- blocks with title="FILE" are written to FILE first, whatever their language.
Blocks of other languages (sh, text, json, …) are not run.

With STILLWATCH_UPDATE_EXAMPLES=1 in the environment, output that changed is written into the page instead of
failing (what a line `...` left out stays left out; a line with `...` inside is left to you). Read the
difference before committing it.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import itertools
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from stillwatch.cli import run

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```\s*$", re.MULTILINE | re.DOTALL
)
_TITLE = re.compile(r'title="([^"]+)"')
_ASSIGNMENT = re.compile(r"[A-Z_][A-Z0-9_]*=.*")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its title (a file name) if any, and its text."""

    page: Path
    line: int
    language: str
    title: str | None
    body: str


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        info = match["info"].strip()
        title = _TITLE.search(info)
        indent = len(match["indent"])
        body = "\n".join(line[indent:] for line in match["body"].splitlines()) + "\n"
        line = text.count("\n", 0, match.start()) + 1
        language = re.split(r"[\s{]", info, maxsplit=1)[0]
        yield Block(page, line, language, title[1] if title else None, body)


def run_page(page: Path) -> int:
    """Run every example of a page in the current folder; return how many ran."""
    namespace: dict[str, object] = {"__name__": "__example__"}
    ran = 0
    last_code = 0
    for block in blocks(page):
        if block.title is not None:
            Path(block.title).parent.mkdir(parents=True, exist_ok=True)
            Path(block.title).write_text(block.body, encoding="utf-8")
        elif block.language == "console":
            for command, expected in commands(block.body):
                last_code, said = execute(command, last_code, f"{page.name}:{block.line}")
                _compare(block, command, expected, said)
                ran += 1
        elif block.language == "python":
            exec(compile("\n" * block.line + block.body, str(page), "exec"), namespace)
            ran += 1
    return ran


def _compare(block: Block, command: str, expected: str, said: str) -> None:
    if matches(said, expected):
        return
    if os.environ.get("STILLWATCH_UPDATE_EXAMPLES") == "1":
        now = refreshed(expected, said)
        if matches(said, now):
            text = block.page.read_text(encoding="utf-8")
            block.page.write_text(text.replace(expected.strip("\n"), now, 1), encoding="utf-8")
            return
    raise AssertionError(
        f"{block.page.name}:{block.line}: $ {command}\n--- the page says\n{expected}\n--- it says now\n{said}"
    )


def refreshed(expected: str, said: str) -> str:
    """Return the output as a page shows it now: what it left out by a line `...` is left out again."""
    now = [line.rstrip() for line in said.strip("\n").splitlines()]
    wanted = [line.rstrip() for line in expected.strip("\n").splitlines()]
    shown: list[str] = []
    at = 0
    for left_out, group in itertools.groupby(wanted, key=lambda line: line == "..."):
        part = list(group)
        if left_out:
            shown.append("...")
            continue
        starts = range(at, len(now)) if shown else (at,)
        lengths = range(max(1, len(part) - 6), len(part) + 7)
        windows = [(i, i + n) for i in starts for n in lengths if i + n <= len(now)]
        windows = [w for w in windows if bool(now[w[1] - 1]) == bool(part[-1])]  # a paragraph stays whole
        best = max(windows, key=lambda w: _alike(part, now[w[0] : w[1]]), default=(at, at))
        shown += now[best[0] : best[1]]
        at = best[1]
    return "\n".join(shown)


def _alike(a: list[str], b: list[str]) -> float:
    return difflib.SequenceMatcher(None, "\n".join(a), "\n".join(b), autojunk=False).ratio()


def commands(body: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block, continued lines joined, with its expected output."""
    command: str | None = None
    expected: list[str] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, "\n".join(expected)
            command, expected = line[2:], []
        elif command is not None and command.endswith("\\"):
            command = command[:-1] + line.strip()
        elif command is None:
            raise AssertionError(f"a console block begins with a command, not with {line!r}")
        else:
            expected.append(line)
    if command is not None:
        yield command, "\n".join(expected)


def execute(command: str, last_code: int, where: str) -> tuple[int, str]:
    """Run one command line in this process; return its exit code and what it printed."""
    words = shlex.split(command, comments=True)
    environment = {}
    while words and _ASSIGNMENT.fullmatch(words[0]):
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    if command == "echo $?":
        return 0, str(last_code)
    if words[:1] == ["cat"]:
        return 0, "".join(Path(word).read_text(encoding="utf-8") for word in words[1:])
    assert words[:1] == ["stillwatch"], f"{where}: only stillwatch, cat and echo $? run here, not {command!r}"
    fixed = {"NO_COLOR": "1", "COLUMNS": "100", "TERM": "dumb"}
    said = io.StringIO()
    with (
        mock.patch.dict(os.environ, fixed | environment),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        code = run(words[1:])
    return code, said.getvalue()


def matches(said: str, expected: str) -> bool:
    """Whether output is what a page says, trailing blanks aside; an example that shows none takes any."""
    wanted = [line.rstrip() for line in expected.strip("\n").splitlines()]
    if not wanted:
        return True
    pattern = "".join(
        r"(?:[^\n]*\n)*?"
        if line.strip() == "..."
        else re.escape(line).replace(r"\.\.\.", "[^\n]*?") + r"[ ]*\n"
        for line in wanted
    )
    text = "\n".join(line.rstrip() for line in said.strip("\n").splitlines()) + "\n"
    return re.fullmatch(pattern, text) is not None
