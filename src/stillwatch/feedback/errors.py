"""What goes wrong with feedback; the message is written for the person who gives it."""

from __future__ import annotations


class FeedbackError(ValueError):
    """Feedback cannot be taken, read or used; the message names what and says what to do."""
