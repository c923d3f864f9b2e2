"""Runs trials in processes of their own, so that what one leaves in memory goes with it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def apart(function: Callable[[Job], Result], jobs: Iterable[Job], at_once: int = 1) -> Iterator[Result]:
    """Yield `function(job)` for each job as it finishes, each in a fresh process, `at_once` side by side.

    Function, jobs and results are pickled. With `at_once` 0 the jobs run in this process, in order.
    What a job raises is raised here; jobs not begun are dropped then.
    """
    if at_once == 0:
        yield from map(function, jobs)
        return
    # spawned, not forked: the threads of Arrow, DuckDB and Numba do not survive a fork
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(at_once, mp_context=context, max_tasks_per_child=1) as pool:
        waiting = [pool.submit(function, job) for job in jobs]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
