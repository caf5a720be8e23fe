"""Live memory: the figures of the system and of torch, and how often they are asked for."""

import time
from itertools import pairwise
from types import SimpleNamespace

import psutil
import pytest
import torch

from playground.core.messages import Memory, Pull
from playground.engine import memory
from playground.engine.books import Books
from playground.engine.frames import FrameMaker
from tests.engine.trainings import training

CPU = torch.device("cpu")


def test_on_the_cpu_it_is_what_this_process_holds():
    before = memory.MemoryMeter(CPU).read()
    kept = torch.ones(50_000_000)  # 200 MB, touched
    after = memory.MemoryMeter(CPU).read()
    assert after.used - before.used == pytest.approx(kept.numel() * 4, rel=0.1)
    assert after.device == "cpu"
    assert after.total == psutil.virtual_memory().total


@pytest.mark.parametrize("kind", ["cuda", "xpu"])
def test_on_a_gpu_it_is_what_torch_has_allocated_there(monkeypatch, kind):
    module = getattr(torch, kind)
    monkeypatch.setattr(torch, "get_device_module", lambda device: {kind: module}[torch.device(device).type])
    monkeypatch.setattr(module, "memory_allocated", lambda device: 1_200_000_000 + device.index)
    monkeypatch.setattr(module, "memory_reserved", lambda device: 1_500_000_001)
    monkeypatch.setattr(module, "get_device_properties", lambda device: SimpleNamespace(total_memory=80_000_000_000))
    monkeypatch.setattr(module, "mem_get_info", lambda device: (30_000_000_000, 80_000_000_000))
    device = torch.device(f"{kind}:1")
    assert memory.MemoryMeter(device).read() == Memory(f"{kind}:1", 1_200_000_001, 80_000_000_000)
    assert memory.free_memory(device) == 30_300_000_000  # what torch holds back and does not use counts as free


def test_on_apples_gpu_it_is_what_torch_has_allocated_there(monkeypatch):
    monkeypatch.setattr(torch.mps, "current_allocated_memory", lambda: 300_000_000)
    monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda: 500_000_000)
    monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 12_000_000_000)
    assert memory.MemoryMeter(torch.device("mps")).read() == Memory("mps", 300_000_000, 12_000_000_000)
    assert memory.free_memory(torch.device("mps")) == 11_500_000_000


def test_the_system_is_asked_twice_a_second_at_most(monkeypatch):
    asked, now = [], [0.0]
    meter = memory.MemoryMeter(CPU, lambda: now[0])
    monkeypatch.setattr(meter, "_used", lambda: asked.append(now[0]) or len(asked))
    for millisecond in range(0, 2_000, 16):  # sixty frames a second
        now[0] = millisecond / 1_000
        meter.read()
    assert len(asked) == 4
    assert min(later - earlier for earlier, later in pairwise(asked)) >= 0.5


def test_figures_that_cannot_be_had_are_left_out(monkeypatch):
    meter = memory.MemoryMeter(CPU)

    def refuse() -> int:
        raise RuntimeError("CUDA error: device-side assert triggered")

    monkeypatch.setattr(meter, "_used", refuse)
    assert meter.read() is None


def test_frames_of_a_run_carry_it_and_others_do_not():
    maker = FrameMaker(Books())
    assert maker.make(Pull(), "idle").memory is None
    maker.begin(training())
    shown = maker.make(Pull(), "paused").memory
    assert shown.used == pytest.approx(psutil.Process().memory_info().rss, rel=0.1)


def test_a_frame_pays_less_than_a_twentieth_of_a_millisecond_for_it():
    meter = memory.MemoryMeter(CPU)
    meter.read()
    costs = []
    for _turn in range(200):
        began = time.perf_counter()
        meter.read()
        costs.append(time.perf_counter() - began)
    assert sorted(costs)[100] < 50e-6
