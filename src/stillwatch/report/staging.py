"""A directory of files that appears whole or not at all.

Files are written into a sibling directory first. Where the target is new, one rename puts it in place;
where it holds an earlier result and nothing else, Linux exchanges the two names in one step (`renameat2`,
since 3.15). Where neither is possible (a mount point, the working directory, other people's files beside
ours, another system) the finished files replace the old ones one by one; each is whole at every moment, and
`run.json`, which holds the others' digests, comes last, so that a reader can tell a set that was cut off.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_LAST = "run.json"


@contextmanager
def whole_directory(out: Path) -> Iterator[Path]:
    """Yield an empty directory to write into; when the block ends well its files become `out`'s.

    Whatever else lies in `out` stays. When the block raises, `out` is untouched. Raises OSError with the
    directory's name where nothing can be written.
    """
    target = Path(os.path.realpath(out))
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "--out is a file; name a directory", str(out))
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    stage = _stage_for(target)
    try:
        stage.chmod(0o755 & ~_umask())
        yield stage
        _sync(stage)
        _place(stage, target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _prefix(target: Path) -> str:
    return f".{target.name}.partial-"


def _stage_for(target: Path) -> Path:
    """Return a new directory beside the target, or inside it where a name cannot be moved onto it."""
    inside = _held_in_place(target) or not os.access(target.parent, os.W_OK)
    if inside:
        target.mkdir(exist_ok=True)
    return Path(
        tempfile.mkdtemp(prefix=f"{_prefix(target)}{os.getpid()}-", dir=target if inside else target.parent)
    )


def _held_in_place(target: Path) -> bool:
    """Tell whether the target must keep its inode: it is mounted, or somebody's working directory."""
    return target.exists() and (target.is_mount() or Path.cwd().is_relative_to(target))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sweep(target: Path) -> None:
    """Remove what killed runs left behind: staging directories whose process is gone."""
    for folder in (target.parent, target):
        if not folder.is_dir():
            continue
        for stale in folder.glob(f"{_prefix(target)}*"):
            owner = stale.name.removeprefix(_prefix(target)).split("-")[0]
            if owner.isdigit() and not _alive(int(owner)):
                shutil.rmtree(stale, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _sync(stage: Path) -> None:
    """Flush the files to disk, so that a power cut after the rename finds them whole."""
    for path in stage.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _place(stage: Path, target: Path) -> None:
    if stage.parent == target:
        _replace_each(stage, target)
    elif not target.exists():
        stage.rename(target)
    elif not _only_ours(stage, target) or not _exchange(stage, target):
        _replace_each(stage, target)


def _only_ours(stage: Path, target: Path) -> bool:
    """Tell whether all that lies in the target is about to be written again: then it may go as a whole."""
    return {path.name for path in target.iterdir()} <= {path.name for path in stage.iterdir()}


def _replace_each(stage: Path, target: Path) -> None:
    for path in sorted(stage.iterdir(), key=lambda p: (p.name == _LAST, p.name)):
        path.replace(target / path.name)


def _exchange(a: Path, b: Path) -> bool:
    """Exchange two directories' names in one step; False where the system or file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    with suppress(OSError, AttributeError):
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
        done = renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE)
        return bool(done == 0)
    return False
