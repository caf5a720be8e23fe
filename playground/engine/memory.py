"""How much memory a run takes, live. Asking costs from 0.03 ms (the process) to 0.1 ms (a GPU), so it is done twice a
second at most, however many frames there are."""

import time
from collections.abc import Callable

import psutil
import torch

from playground.core.messages import Memory
from playground.core.text import _
from playground.engine.limits import left_by_limits

EVERY_S = 0.5


class MemoryMeter:
    """device: where the run is;  clock: seconds, for tests"""

    def __init__(self, device: torch.device, clock: Callable[[], float] = time.perf_counter):
        self._device, self._clock = device, clock
        self._process = psutil.Process()
        self._read_at = float("-inf")
        self._total = 0
        self._newest: Memory | None = None

    def read(self) -> Memory | None:
        """The newest figures, half a second old at most; None where the system tells none."""
        now = self._clock()
        if now - self._read_at >= EVERY_S:
            self._read_at = now
            try:
                self._newest = Memory(str(self._device), self._used(), self._of())
            except (psutil.Error, RuntimeError, OSError):  # no figure is worth a run
                self._newest = None
        return self._newest

    def _used(self) -> int:
        """Of the CPU the resident set of this process: torch, data, network and batches."""
        match self._device.type:
            case "cuda" | "xpu":
                return int(torch.get_device_module(self._device).memory_allocated(self._device))
            case "mps":
                return int(torch.mps.current_allocated_memory())
        return int(self._process.memory_info().rss)

    def _of(self) -> int:
        if not self._total:
            self._total = total_memory(self._device)
        return self._total


def total_memory(device: torch.device) -> int:
    """Bytes that a device has. raises RuntimeError: it does not say"""
    match device.type:
        case "cuda" | "xpu":
            return int(torch.get_device_module(device).get_device_properties(device).total_memory)
        case "mps":
            return int(torch.mps.recommended_max_memory())
    return int(psutil.virtual_memory().total)


def free_memory(device: torch.device) -> int:
    """Bytes that can still be had: what other programs and the limits of this process leave, and what torch holds back
    here and does not use.

    raises RuntimeError: it does not say
    """
    match device.type:
        case "cuda" | "xpu":
            module = torch.get_device_module(device)
            kept = module.memory_reserved(device) - module.memory_allocated(device)
            return int(module.mem_get_info(device)[0]) + max(0, int(kept))
        case "mps":
            return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    available, left = int(psutil.virtual_memory().available), left_by_limits()
    return available if left is None else min(available, left)


def size_text(count: int) -> str:
    """Bytes for people: 213 MB, 1.2 GB."""
    return _("{n:,.1f} GB").format(n=count / 1e9) if count >= 999_500_000 else _("{n:.0f} MB").format(n=count / 1e6)
