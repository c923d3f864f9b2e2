"""The secret of a deployment: one master key, every other key derived from it.

Sketches are keyed so that nobody can look a hash up in a dictionary or write a text that collides with
another's. HKDF-SHA256 (RFC 5869) separates purposes: knowing the keys of one says nothing about another.
"""

from __future__ import annotations

import logging
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_BYTES = 32
LEAST_BYTES = 16
_LABEL = b"stillwatch/1/"

log = logging.getLogger(__name__)


class SecretError(ValueError):
    """The secret cannot be used; the message names the file and says what to do."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A master key. It never shows itself: `repr` gives the public `id` only."""

    master: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.master) < LEAST_BYTES:
            raise SecretError(
                f"secret: expected at least {LEAST_BYTES} bytes, got {len(self.master)}\n"
                f"  fix: use {MASTER_BYTES} random bytes, or let Stillwatch create the file"
            )

    @classmethod
    def from_bytes(cls, master: bytes) -> Secret:
        """Use these bytes (at least 16, better 32 random ones) as the master key."""
        return cls(bytes(master))

    @classmethod
    def load_or_create(cls, path: str | os.PathLike[str]) -> Secret:
        """Read the secret at `path`, creating it (random, mode 0600, atomically) where absent.

        The file holds the key as hexadecimal digits. Raises `SecretError` where it is unreadable, is no
        such key, is open to other users or can be written by the group; a group that may only read it
        (as mounted secrets often have) is logged as a warning.
        """
        where = Path(path)
        if not where.exists():
            _create(where)
        return cls(_read(where))

    @property
    def id(self) -> str:
        """Short public name of this secret: results made under different ids cannot be compared."""
        return self.key("id", 6).hex()

    def key(self, purpose: str, length: int = 32) -> bytes:
        """Derive `length` bytes for `purpose`; the same purpose always gives the same bytes."""
        kdf = HKDF(algorithm=SHA256(), length=length, salt=None, info=_LABEL + purpose.encode())
        return kdf.derive(self.master)

    def number(self, purpose: str) -> int:
        """Derive an unsigned 64-bit number for `purpose`."""
        return int.from_bytes(self.key(purpose, 8), "little")


def _create(path: Path) -> None:
    """Write a fresh key beside `path` and link it into place: another process may win, none sees half."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    except OSError as error:
        raise SecretError(
            f"{path}: cannot create the secret: {error.strerror}\n"
            "  fix: name a writable place with `--secret FILE`"
        ) from error
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(MASTER_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            log.debug("%s: created by another process meanwhile", path)
    finally:
        Path(name).unlink()


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii").strip()
        master = bytes.fromhex(text)
    except OSError as error:
        raise SecretError(
            f"{path}: cannot read the secret: {error.strerror}\n"
            "  fix: make it readable by this user, or name another file with `--secret FILE`"
        ) from error
    except ValueError as error:
        raise SecretError(
            f"{path}: expected a secret as hexadecimal digits\n"
            "  fix: name the right file; a new one is created where none exists"
        ) from error
    _check_mode(path, mode)
    if len(master) < LEAST_BYTES:
        raise SecretError(
            f"{path}: expected at least {2 * LEAST_BYTES} hexadecimal digits, got {len(text)}\n"
            "  fix: restore the file, or remove it to have a new secret created (old sketches become useless)"
        )
    return master


def _check_mode(path: Path, mode: int) -> None:
    if os.name != "posix":
        return
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise SecretError(
            f"{path}: the secret is open to other users (mode {stat.S_IMODE(mode):04o})\n"
            f"  fix: chmod 600 {path}"
        )
    if mode & stat.S_IRGRP:
        log.warning("%s: the secret can be read by its group; `chmod 600` it if it should not", path)
