"""What exchanges looked like, as keyed numbers: normalisation, shingles, marks, keys, shape."""

from __future__ import annotations

from stillwatch.sketches.deliveries import Admitted, Deliveries
from stillwatch.sketches.secret import Secret, SecretError
from stillwatch.sketches.sketch import sketch, sketch_stream

__all__ = ["Admitted", "Deliveries", "Secret", "SecretError", "sketch", "sketch_stream"]
