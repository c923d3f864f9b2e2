"""How the classifier's weights come about: lessons, corpora, fitting, and the exam. Never imported by a scan."""

from __future__ import annotations

import importlib.util


class MissingExtraError(ImportError):
    """A package of an extra is not installed; the message says which."""


def require_extra() -> None:
    """Raise MissingExtraError where what training and examining need is not installed."""
    missing = [name for name in ("sklearn", "matplotlib") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"training and examining need {' and '.join(missing)}; install it with pip install 'stillwatch[intents]'"
        )
