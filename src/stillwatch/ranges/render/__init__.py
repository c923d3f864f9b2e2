"""Render: plans become canonical exchanges with text, and files, a window of time after another."""
