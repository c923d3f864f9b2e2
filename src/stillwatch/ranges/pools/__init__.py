"""Pools of accounts behind one relay: harvests, resale, and both at once."""
