"""Proposing: which accounts might be one operator."""
