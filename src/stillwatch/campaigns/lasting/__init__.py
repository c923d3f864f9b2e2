"""Lasting: what is carried from scan to scan."""
