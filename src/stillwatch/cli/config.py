"""`stillwatch config`: check, show and describe the configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from stillwatch.cli import options
from stillwatch.settings import LoadedSettings, config_schema_text, read_settings

app = typer.Typer(help="Check, show and describe the configuration.", no_args_is_help=True)


@app.command()
def validate(config: options.ConfigFile = None) -> None:
    """Check the configuration file and the environment; list every mistake with its place and its fix."""
    loaded = read_settings(config)
    known = {f"{section}.{key}" for section, values in loaded.settings.model_dump().items() for key in values}
    given = sum(any(at == name or at.startswith(name + ".") for at in loaded.places) for name in known)
    what = str(config) if config else "no file"
    typer.echo(f"{what}: ok ({given} of {len(known)} settings given, the others at their defaults)")


@app.command()
def show(
    config: options.ConfigFile = None,
    redacted: Annotated[
        bool,
        typer.Option(
            "--redacted", metavar="", help="Leave ${ENV} references and paths of secrets unresolved."
        ),
    ] = False,
) -> None:
    """Print every setting in force, with where it comes from."""
    for line in _lines(read_settings(config), redacted):
        typer.echo(line)


@app.command()
def schema() -> None:
    """Print the JSON schema of the configuration file."""
    typer.echo(config_schema_text(), nl=False)


def _lines(loaded: LoadedSettings, redacted: bool) -> Iterator[str]:
    for section, values in loaded.settings.model_dump(mode="json").items():
        yield f"{section}:"
        for key, value in values.items():
            path = f"{section}.{key}"
            place = loaded.places.get(path, "default")
            yield f"  {key}: {_shown(loaded, path, value, redacted)}  # {place}"


def _shown(loaded: LoadedSettings, path: str, value: Any, redacted: bool) -> str:
    inside = {name: raw for name, raw in loaded.references.items() if name.startswith(path + ".")}
    if redacted and path in loaded.references:
        value = loaded.references[path]
    elif redacted and inside and isinstance(value, dict):
        value = value | {name.removeprefix(path + "."): raw for name, raw in inside.items()}
    elif redacted and path == "run.secret_file" and value is not None:
        value = "(given)"
    return json.dumps(value, ensure_ascii=False)  # JSON scalars are YAML scalars
