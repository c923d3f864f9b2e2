"""Reading settings: YAML with line numbers, `${ENV}` references, environment overrides, all errors."""

from __future__ import annotations

import difflib
import os
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from stillwatch.settings.model import Settings

ENV_PREFIX = "STILLWATCH__"
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

KeyPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it stands, what it is, and what to do."""

    place: str  # file:line, or the name of an environment variable
    path: str  # dotted path of the setting, empty for the document as a whole
    message: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.place}: {self.path}" if self.path else self.place
        return f"{where}: {self.message}\n  fix: {self.fix}"


class SettingsError(ValueError):
    """The settings cannot be used; `problems` lists every mistake found, not just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in problems))


@dataclass(frozen=True)
class LoadedSettings:
    """Settings with where each value came from, keyed by dotted path; values absent there are defaults."""

    settings: Settings
    places: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)  # dotted path ► text with `${ENV}` unresolved


class _Loader(yaml.SafeLoader):
    """YAML without timestamps: a date is read as the text it is."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass
class _Draft:
    """Values as they are gathered, with the place of each and the problems met on the way."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[KeyPath, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: KeyPath) -> str:
        """Return the place of the setting, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return "settings"


def load_settings(path: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of the YAML file at `path` (or the defaults), overridden by `env`.

    `env` defaults to the process environment. Raises SettingsError with every problem found.
    """
    return read_settings(path, env).settings


def read_settings(
    path: Path | None = None,
    env: Mapping[str, str] | None = None,
    options: Mapping[str, tuple[str, Any]] | None = None,
) -> LoadedSettings:
    """As `load_settings`, with the place that each value came from.

    `options` maps the name of a command-line option to a setting's dotted path and its value; None is not
    given. It outranks `env`, which outranks the file; tables such as `input.mapping` are added to.
    """
    env = os.environ if env is None else env
    draft = _Draft()
    if path is not None:
        _read_file(draft, path)
        draft.values = _resolve(draft, draft.values, (), env)
    _override(draft, env)
    for name, (at, value) in (options or {}).items():
        if value is not None:
            _put(draft, tuple(at.split(".")), value, name)
    settings = _validate(draft)
    if draft.problems or settings is None:
        raise SettingsError(sorted(draft.problems, key=_reading_order))
    places = {".".join(at): place for at, place in draft.places.items()}
    return LoadedSettings(settings, places, draft.references)


def _reading_order(problem: Problem) -> tuple[str, int]:
    file, _, line = problem.place.rpartition(":")
    return (file, int(line)) if line.isdigit() else (problem.place, 0)


def _read_file(draft: _Draft, path: Path) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        fix = "give the path of a readable YAML file with --config, or leave the option out for the defaults"
        draft.problems.append(Problem(str(path), "", f"cannot be read: {error.strerror or error}", fix))
        return
    except UnicodeDecodeError as error:
        fix = "save the file as UTF-8"
        draft.problems.append(Problem(str(path), "", f"is not UTF-8 at byte {error.start}", fix))
        return
    draft.places[()] = str(path)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None or node.tag == "tag:yaml.org,2002:null":
            return
        if not isinstance(node, yaml.MappingNode):
            fix = "begin with a section, for instance `detection:`"
            draft.problems.append(Problem(f"{path}:1", "", "is not a mapping of sections", fix))
            return
        _note_places(draft, node, (), str(path))
        draft.values = loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        what = getattr(error, "problem", None) or str(error)
        draft.problems.append(Problem(place, "", f"is not YAML: {what}", "mend the line, or quote the value"))
    finally:
        loader.dispose()


def _note_places(draft: _Draft, node: yaml.MappingNode, path: KeyPath, file: str) -> None:
    for key_node, value_node in node.value:
        here = (*path, str(key_node.value))
        place = f"{file}:{key_node.start_mark.line + 1}"
        if here in draft.places:
            fix = f"keep one of the two (the first is at {draft.places[here]})"
            draft.problems.append(Problem(place, ".".join(here), "is given twice", fix))
        draft.places[here] = place
        if isinstance(value_node, yaml.MappingNode):
            _note_places(draft, value_node, here, file)


def _resolve(draft: _Draft, value: Any, path: KeyPath, env: Mapping[str, str]) -> Any:
    """Replace `${NAME}` in text values by the environment variable; `$${` stands for a plain `${`."""
    if isinstance(value, dict):
        return {str(k): _resolve(draft, v, (*path, str(k)), env) for k, v in value.items()}
    if not isinstance(value, str) or "${" not in value:
        return value
    parts = value.split("$${")
    for name in _REFERENCE.findall(" ".join(parts)):
        if name not in env:
            message = f"refers to the environment variable {name}, which is not set"
            fix = f"set {name}, or write $${{{name}}} for the plain text"
            draft.problems.append(Problem(draft.place(path), ".".join(path), message, fix))
    draft.references[".".join(path)] = value
    return "${".join(_REFERENCE.sub(lambda m: env.get(m[1], m[0]), part) for part in parts)


def _override(draft: _Draft, env: Mapping[str, str]) -> None:
    for name in sorted(n for n in env if n.startswith(ENV_PREFIX)):
        path = tuple(part.lower() for part in name[len(ENV_PREFIX) :].split("__"))
        if len(path) < 2 or not all(path):
            fix = f"name a section and a key, as in {ENV_PREFIX}DETECTION__FALSE_DISCOVERY_RATE"
            draft.problems.append(Problem(name, "", "names no setting", fix))
            continue
        try:
            value = yaml.load(env[name], Loader=_Loader)  # _Loader is a SafeLoader
        except yaml.YAMLError:
            value = env[name]
        _put(draft, path, value, name)


def _put(draft: _Draft, path: KeyPath, value: Any, place: str) -> None:
    section = draft.values
    for part in path[:-1]:
        if not isinstance(section.get(part), dict):
            section[part] = {}  # a section left empty in the file
        section = section[part]
    before = section.get(path[-1])
    section[path[-1]] = before | value if isinstance(before, dict) and isinstance(value, dict) else value
    draft.places[path] = place
    draft.places.setdefault(path[:1], place)
    draft.references.pop(".".join(path), None)


def _validate(draft: _Draft) -> Settings | None:
    # a section that is named and left empty means its defaults
    values = {k: {} if v is None and k in Settings.model_fields else v for k, v in draft.values.items()}
    try:
        return Settings.model_validate_json(to_json(values, inf_nan_mode="constants"))
    except ValidationError as error:
        for details in error.errors(include_url=False):
            problem = _problem(draft, details)
            if problem not in draft.problems:  # a union reports each of its arms
                draft.problems.append(problem)
        return None


def _problem(draft: _Draft, details: ErrorDetails) -> Problem:
    path = tuple(str(part) for part in details["loc"])
    known, example = _around(path)
    if details["type"] == "extra_forbidden":
        near = difflib.get_close_matches(path[-1], known, n=1)
        hint = f"write `{near[0]}`; " if near else ""
        fix = f"{hint}known here: {', '.join(known)}"
        return Problem(draft.place(path), ".".join(path), "unknown key", fix)
    message = details["msg"].removeprefix("Value error, ").removeprefix("Input ")
    message = message[:1].lower() + message[1:]
    if details["type"] != "value_error":  # ours name the value themselves
        message += f", got {_short(details['input'])}"
    fix = f"write for instance `{path[-1]}: {_short(example)}`" if example is not None else "see the schema"
    return Problem(draft.place(path), ".".join(path), message, fix)


def _around(path: KeyPath) -> tuple[list[str], Any]:
    """Return the keys known beside the last key of `path`, and an example of its value."""
    model: type[BaseModel] = Settings
    example: Any = None
    for depth, part in enumerate(path):
        info = model.model_fields.get(part)
        if info is None:
            break
        example = info.examples[0] if info.examples else None
        below = next(_models(info.annotation), None)
        if below is None:
            inside = depth + 1 < len(path) and isinstance(example, dict)
            example = next(iter(example.values())) if inside else example
            break
        if depth + 1 < len(path):
            model = below
        else:
            key = next(iter(below.model_fields))
            example = {key: below.model_fields[key].default}
    return list(model.model_fields), example


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if get_origin(annotation) in (Union, types.UnionType):
        for arm in get_args(annotation):
            yield from _models(arm)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else to_json(value, inf_nan_mode="constants").decode()
    quoted = f'"{text}"' if isinstance(value, str) else text
    return quoted if len(quoted) <= 60 else quoted[:57] + "..."
