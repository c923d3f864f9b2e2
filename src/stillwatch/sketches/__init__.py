"""What exchanges looked like, as keyed numbers: normalisation, shingles, marks, keys, shape."""

from __future__ import annotations

from stillwatch.sketches.secret import Secret, SecretError
from stillwatch.sketches.sketch import sketch, sketch_stream

__all__ = ["Secret", "SecretError", "sketch", "sketch_stream"]
