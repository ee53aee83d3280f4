"""One function over many items, on the processors of one machine, results in the order of the items."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 4  # items in hand for each process: enough to keep it busy, few enough to keep memory flat


def in_order(function: Callable[[Item], Result], items: Iterable[Item], jobs: int) -> Iterator[Result]:
    """`map(function, items)`, with `jobs` processes where that is more than one.

    At most a few items for each process are in hand at any time, however many there are. `function` and its items and
    results must be picklable then.
    """
    if jobs <= 1:
        yield from map(function, items)
        return
    # Fresh processes and not forks: a fork copies locks that another thread (a progress bar's) may hold.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context)
    waiting: deque[Future[Result]] = deque()
    source = iter(items)
    try:
        with _deaf_to_interrupts():  # the processes start at the first item and are deaf from their first moment
            waiting.extend(pool.submit(function, item) for item in islice(source, jobs * _AHEAD))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(function, item) for item in islice(source, 1))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        if waiting:
            stop()  # who asked has gone, or one item failed: nobody waits for what is in hand


def stop() -> None:
    """End every process that was started here, in the midst of what it does: Python would wait for it at its own end.

    They only read and hand back; what is written is written by the process that started them.
    """
    for process in multiprocessing.active_children():
        process.terminate()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Start processes here: they inherit that an interrupt is left to the one which started them, and ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
