"""How much memory the system still lets this process have: limits of the process itself, and of its group (a container).

Where the system knows no such limit, as on macOS and Windows, there is none.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

_V1, _V2 = ("memory.limit_in_bytes", "memory.usage_in_bytes"), ("memory.max", "memory.current")
_NONE = 1 << 60  # what a group of version 1 says where it has no limit is about 2^63


def left_by_limits() -> int | None:
    """Bytes until the nearest limit; None where there is none. What the heap holds and does not use is not counted: it
    lies in pieces, and a large tensor does not fit into these."""
    if not sys.platform.startswith("linux"):
        return None
    left = [*_by_process(), *_by_groups()]
    return max(0, min(left)) if left else None


def left_before_the_end() -> int:
    """Bytes that can be used before the system ends a process, without a word, to get memory back. A limit of the process
    itself is no such: there, to ask for more fails."""
    spare = psutil.virtual_memory().available + psutil.swap_memory().free
    return int(min(spare, *_by_groups(), spare))


def _by_groups() -> list[int]:
    return list(by_group(Path("/sys/fs/cgroup"), Path("/proc/self/cgroup"))) if sys.platform.startswith("linux") else []


def _by_process() -> Iterator[int]:
    """Left of the address space, and of the data in it (`ulimit -v` and `-d`)."""
    import resource  # not on Windows

    with suppress(OSError, ValueError):
        pages = [int(one) for one in Path("/proc/self/statm").read_text().split()]
        for which, used in ((resource.RLIMIT_AS, pages[0]), (resource.RLIMIT_DATA, pages[5])):
            limit = resource.getrlimit(which)[0]
            if limit != resource.RLIM_INFINITY:
                yield limit - used * resource.getpagesize()


def by_group(mount: Path, groups: Path) -> Iterator[int]:
    """Left in the control group of this process and in each group that it is part of.

    mount: /sys/fs/cgroup;  groups: /proc/self/cgroup. source: https://docs.kernel.org/admin-guide/cgroup-v2.html
    """
    with suppress(OSError):
        for line in groups.read_text().splitlines():
            _number, kinds, path = line.split(":", 2)
            if kinds == "" or "memory" in kinds.split(","):
                home, files = (mount, _V2) if kinds == "" else (mount / "memory", _V1)
                own = home / path.lstrip("/")
                for folder in (own, *own.parents):
                    if folder.is_relative_to(home):
                        yield from _left_in(folder, *files)


def _left_in(folder: Path, limit: str, used: str) -> Iterator[int]:
    """Nothing where the group has no limit. Pages of files that nobody has used lately are given up when needed."""
    with suppress(OSError, ValueError):  # "max", or no such file
        most = int((folder / limit).read_text())
        if most >= _NONE:
            return
        told = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        spare = int(told.get("total_inactive_file", told.get("inactive_file", 0)))
        yield most - int((folder / used).read_text()) + spare
