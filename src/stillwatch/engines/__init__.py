"""Where tables are computed: the only room that knows one engine from another."""

from stillwatch.engines.duck import Session

__all__ = ["Session"]
