"""Text that the operator asked to keep: for how long, where, and who has read it."""

from stillwatch.texts.keeping import Keeping, stated_days
from stillwatch.texts.store import KeptText, TextError, TextStore

__all__ = ["Keeping", "KeptText", "TextError", "TextStore", "stated_days"]
