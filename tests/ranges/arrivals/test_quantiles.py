"""Typical clients stand for equally many; thirds keep answers with their prompts."""

from __future__ import annotations

import numpy as np

from stillwatch.ranges.arrivals.quantiles import members, representatives, thirds
from stillwatch.ranges.arrivals.traces import ClientLengths


def lengths(clients: int = 48) -> ClientLengths:
    """Return clients of growing prompts, every third a reasoning model's, every second of short answers."""
    asked = np.arange(1, clients + 1)[:, None] * np.linspace(1, 9, 64)
    said = np.where(np.arange(clients) % 2 == 0, 5.0, 500.0)[:, None] * np.ones(64)
    names = tuple(f"{'deepseek-r1' if c % 3 == 0 else 'm-large'}/{c:04d}" for c in range(clients))
    return ClientLengths(names, asked, said)


def test_each_client_is_in_one_group() -> None:
    found = np.array([members(lengths(), g) for g in ("reasoning", "short", "api")])
    assert (found.sum(axis=0) == 1).all()


def test_representatives_are_spread_over_prompts_and_answers() -> None:
    clients = lengths()
    picked = representatives(clients, 4, 2)
    assert len(picked) == len(set(picked)) == 8
    assert picked == representatives(clients, 4, 2)
    assert sorted(p // 12 for p in picked) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert {clients.said[p, 0] for p in picked} == {5.0, 500.0}


def test_fewer_clients_than_bands_are_all_taken() -> None:
    assert sorted(representatives(lengths(3), 6, 4)) == [0, 1, 2]


def test_thirds_keep_the_answers_of_their_prompts() -> None:
    asked = np.arange(300.0)
    parts = thirds(asked, asked * 2)
    assert [float(p[0].max()) < 100 * (i + 1) for i, p in enumerate(parts)] == [True] * 3
    assert all(np.allclose(said, 2 * prompt) for prompt, said in parts)
