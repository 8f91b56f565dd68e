"""How much memory the processes take that something starts."""

import threading
from collections.abc import Callable
from pathlib import Path

_EVERY = 0.02  # seconds


def peak_mb(act: Callable[[], object]) -> int:
    """Return the most memory that this process's children had together while ``act`` ran, in MB.

    What several processes share counts once (the kernel's proportional set size). Linux alone;
    elsewhere 0.
    """
    most = 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(_EVERY):
            most = max(most, sum(map(_pss_kb, _descendants())))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        act()
    finally:
        ended.set()
        watcher.join()
    return round(most / 1000)


def _descendants() -> list[str]:
    found, queue = [], ["self"]
    while queue:
        for task in Path("/proc", queue.pop(), "task").glob("*/children"):
            try:
                children = task.read_text().split()
            except OSError:  # it has ended since
                continue
            found += children
            queue += children
    return found


def _pss_kb(pid: str) -> int:
    try:
        lines = Path("/proc", pid, "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
