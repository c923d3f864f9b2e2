"""When requests come: day and week, heavy-tailed loads, sessions, and machines that never sleep.

All functions return seconds since the start of the range, ascending.
"""

from __future__ import annotations

from random import Random

DAY = 86_400.0

# Share of activity by local hour: office hours with an evening shoulder, none zero.
OFFICE = (1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 21, 20, 15, 18, 20, 20, 17, 12, 8, 6, 5, 4, 3, 2)
HOME = (4, 2, 1, 1, 1, 1, 3, 6, 8, 9, 9, 10, 11, 10, 10, 10, 11, 13, 16, 19, 21, 20, 15, 9)
NIGHT = (20, 21, 20, 16, 10, 5, 3, 2, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8, 10, 14, 18)
EVEN = (1,) * 24


def loads(rng: Random, accounts: int, total: int, tail: float = 1.3) -> list[int]:
    """Share `total` exchanges out over accounts with Lomax weights (smaller tail: less even), each >= 1."""
    if accounts <= 0:
        return []
    weights = [rng.paretovariate(tail) - 0.7 for _ in range(accounts)]
    scale = max(total - accounts, 0) / sum(weights)
    return [1 + int(w * scale + rng.random()) for w in weights]


def moments(
    rng: Random,
    count: int,
    days: float,
    hours: tuple[int, ...] = HOME,
    zone: float = 0.0,
    weekend: float = 0.6,
) -> list[float]:
    """Return `count` instants over `days`, by hour-of-day profile at UTC+`zone` hours and weekday.

    The range starts on a Monday 00:00 UTC; `weekend` is the relative activity of Saturday and Sunday.
    """
    top = max(hours)
    found: list[float] = []
    while len(found) < count:
        at = rng.random() * days * DAY
        local = at + zone * 3600
        weight = hours[int(local / 3600) % 24] / top * (weekend if int(local / DAY) % 7 >= 5 else 1.0)
        if rng.random() < weight:
            found.append(at)
    return sorted(found)


def burst(rng: Random, count: int, begin: float, gap: float) -> list[float]:
    """Return `count` instants from `begin`, with log-normal gaps of median `gap` seconds."""
    at, found = begin, []
    for _ in range(count):
        found.append(at)
        at += gap * rng.lognormvariate(0.0, 0.7)
    return found


def thinking(rng: Random) -> float:
    """Return how long a person reads and types before the next message, in seconds."""
    return 8.0 + 45.0 * rng.lognormvariate(0.0, 1.0)
