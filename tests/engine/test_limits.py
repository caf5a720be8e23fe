"""Limits of the process and of its group."""

import sys
from pathlib import Path

import psutil
import pytest
import torch

from playground.engine import limits
from playground.engine.heap import give_back
from playground.engine.memory import free_memory

GB = 1_000_000_000


def group(folder: Path, **files: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(f"{text}\n")


def test_the_nearest_of_the_groups_that_hold_a_process_counts(tmp_path):
    mount, own = tmp_path / "fs", tmp_path / "own"
    own.write_text("1:cpu:/other\n0::/user/app\n")
    group(mount)
    group(mount / "user", memory__max=3 * GB, memory__current=GB, memory__stat="anon 5\ninactive_file 1000")
    group(mount / "user" / "app", memory__max="max", memory__current=GB, memory__stat="inactive_file 0")
    assert list(limits.by_group(mount, own)) == [2 * GB + 1000]


def test_groups_of_the_first_version(tmp_path):
    mount, own = tmp_path / "fs", tmp_path / "own"
    own.write_text("5:cpuset,memory:/app\n")
    figures = {"memory__usage_in_bytes": GB, "memory__stat": "inactive_file 7\ntotal_inactive_file 500"}
    group(mount / "memory" / "app", memory__limit_in_bytes=2 * GB, **figures)
    group(mount / "memory", memory__limit_in_bytes=9223372036854771712, **figures)
    assert list(limits.by_group(mount, own)) == [GB + 500]


def test_without_groups_there_is_no_limit(tmp_path):
    assert list(limits.by_group(tmp_path / "fs", tmp_path / "none")) == []


@pytest.mark.skipif(
    sys.platform != "linux",
    reason="sets RLIMIT_AS, which macOS does not keep and Windows does not have; the size of a process is read from /proc",
)
def test_what_is_left_of_the_address_space():
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    give_back()
    resource.setrlimit(resource.RLIMIT_AS, (psutil.Process().memory_info().vms + GB, before[1]))
    try:
        left, free = limits.left_by_limits(), free_memory(torch.device("cpu"))
        kept = torch.empty(100_000_000)  # 400 MB
        less = limits.left_by_limits()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    assert left == pytest.approx(GB, rel=0.05)
    assert free <= left + 50_000_000
    assert left - less == pytest.approx(kept.nbytes, rel=0.05)
