"""An error of feedback is told as it is, not with a traceback."""

from __future__ import annotations

from stillwatch.feedback.errors import FeedbackError


def test_it_is_a_value_error_of_this_package() -> None:
    assert issubclass(FeedbackError, ValueError)
    assert FeedbackError.__module__.startswith("stillwatch.")  # the command line prints its message alone
