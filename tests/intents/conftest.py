"""Kernels compile at their first call, which no per-example deadline can allow for."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("kernels", deadline=None)
settings.load_profile("kernels")
