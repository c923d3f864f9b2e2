"""What `stillwatch doctor` checks about the installation: versions, the compiler, folders, memory."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from stillwatch.settings import Settings
from stillwatch.version import __version__

_LIBRARIES = ("duckdb", "ibis-framework", "numba", "numpy", "pyarrow", "pydantic", "scipy")
_EXTRAS = {"otlp": ("opentelemetry.proto", "OpenTelemetry logs in protobuf")}
_LEAST_FREE = 2 * 10**9


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: how it stands, what was found, and what to do where it is not well."""

    what: str
    standing: Literal["ok", "note", "failed"]
    found: str
    fix: str = ""


def installation_checks(settings: Settings) -> list[Check]:
    """Return all checks of the installation; none of them raises."""
    folder = settings.run.temp_dir or Path(tempfile.gettempdir())
    checks = [
        Check("stillwatch", "ok", __version__),
        Check("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        _guarded("libraries", _libraries, "install again: pip install stillwatch"),
        _guarded("compiler", _compiler, "install numba and llvmlite for this Python: pip install numba"),
        _guarded("engine", lambda: _engine(settings), "install again: pip install duckdb ibis-framework"),
        _guarded(
            "temporary files", lambda: _folder(folder), "set run.temp_dir to a folder that can be written"
        ),
        *_space(folder),
        *_memory(settings),
        *_extras(),
    ]
    return checks


def _guarded(what: str, look: Callable[[], str], fix: str) -> Check:
    try:
        return Check(what, "ok", look())
    except Exception as error:
        return Check(what, "failed", f"{type(error).__name__}: {error}", fix)


def _libraries() -> str:
    return ", ".join(f"{name.removesuffix('-framework')} {metadata.version(name)}" for name in _LIBRARIES)


def _compiler() -> str:
    import numba
    import numpy as np

    total = numba.njit(nogil=True)(_sum)
    if total(np.arange(10, dtype=np.int64)) != 45:
        raise ArithmeticError("a compiled kernel gave a wrong sum")
    return f"numba compiles; {numba.config.NUMBA_NUM_THREADS} threads"


def _sum(values: Any) -> Any:
    held = 0
    for value in values:
        held += value
    return held


def _engine(settings: Settings) -> str:
    from stillwatch.engines.duck import Session

    with Session(memory_limit=settings.run.memory_limit_bytes, temp_dir=settings.run.temp_dir):
        return f"DuckDB opens, holding at most {settings.run.memory_limit}"


def _folder(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"x")
    return f"{folder} can be written"


def _space(folder: Path) -> Iterator[Check]:
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return  # said by the check before
    fix = "" if free >= _LEAST_FREE else "set run.temp_dir to a larger disk"
    yield Check("room to spill", "note" if fix else "ok", f"{free / 1e9:.1f} GB free in {folder}", fix)


def _memory(settings: Settings) -> Iterator[Check]:
    try:
        has = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not told by this system
        return
    limit = settings.run.memory_limit
    found = f"{has / 1e9:.1f} GB, of which a scan may hold {limit}"
    fix = "" if settings.run.memory_limit_bytes <= 0.8 * has else "set run.memory_limit lower"
    yield Check("memory", "note" if fix else "ok", found, fix)


def _extras() -> Iterator[Check]:
    for extra, (module, purpose) in _EXTRAS.items():
        if _has(module):
            yield Check(f"extra {extra}", "ok", purpose)
        else:
            yield Check(
                f"extra {extra}", "note", f"not installed: no {purpose}", f"pip install 'stillwatch[{extra}]'"
            )


def _has(module: str) -> bool:
    if module in sys.modules:
        return True
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
