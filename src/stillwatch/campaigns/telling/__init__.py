"""Telling: from findings to what a scan returns and people read."""
