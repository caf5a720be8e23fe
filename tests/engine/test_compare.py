"""The comparison of devices: times of a machine that is known, and a short real one."""

from types import SimpleNamespace

import pytest
import torch

from playground.core.comparison import Comparison, Contender, changes, lines
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.messages import Device
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.disk import projects
from playground.engine import compare as module
from playground.engine.check import check
from playground.engine.compare import Bench, Course, compare, contenders_of, sizes_of, timed

CPU, GPU = Contender("cpu", 1, "the CPU", "CPU"), Contender("cuda:0", 1, "the GPU", "GPU")
LINEAR = Project(Data(dataset="digits"), (Layer("Flatten"), Layer("Linear")), Recipe())


class Machine:
    """Takes known times. step_of: (contender, width, batch) -> seconds, or an exception"""

    def __init__(self, step_of):
        self.now, self.step_of, self.steps = 0.0, step_of, []

    def clock(self) -> float:
        return self.now

    def make(self, contender, width, batch):
        taken = self.step_of(contender, width, batch)
        if isinstance(taken, Exception):
            raise taken

        def step() -> None:
            self.steps.append((contender.device, width, batch))
            self.now += taken

        return SimpleNamespace(step=step, wait=lambda: None)

    def course(self, batches, factors=(1.0,), base=64, seconds=20.0) -> Comparison:
        sizes = sizes_of(batches, factors, base)
        return Course((CPU, GPU), sizes, self.make, seconds, self.clock).run(Comparison((CPU, GPU), batch=base))


def step_of(contender, width, batch) -> float:
    """The GPU starts slowly and is then a hundred times faster."""
    work = 1e-5 * batch * width**2
    return work if contender is CPU else 2e-3 + work / 100


def test_times_are_those_of_the_machine():
    found = lines(Machine(step_of).course((1, 64, 256, 1024)), "batch")
    for contender, line in zip((CPU, GPU), found, strict=True):
        assert line == pytest.approx({batch: step_of(contender, 1, batch) for batch in (1, 64, 256, 1024)})


def test_the_crossover_is_where_the_machine_has_it():
    first, changed = changes(lines(Machine(step_of).course([2**power for power in range(11)]), "batch"))
    assert first == 0
    assert [one.size for one in changed] == [256]  # 1e-5·n = 2e-3 + 1e-7·n at n = 202
    assert changed[0].place == pytest.approx(202, rel=0.03)


def test_widths_are_measured_with_the_batch_of_the_project():
    compared = Machine(step_of).course((1,), (0.5, 2.0, 8.0), base=50)
    assert {(one.width, one.batch) for one in compared.timings} == {(1.0, 1), (0.5, 50), (2.0, 50), (8.0, 50)}
    assert changes(lines(compared, "width"))[1][0].size == 8.0  # 1e-5·50·w² = 2e-3 + … at w = 2.01


def test_the_time_is_kept_whatever_the_machine_is():
    machine = Machine(lambda contender, width, batch: 300 * step_of(contender, width, batch))
    compared = machine.course([2**power for power in range(11)], (0.25, 0.5, 1.0, 2.0, 4.0, 8.0), seconds=10.0)
    assert machine.now < 12
    skipped = [one for one in compared.timings if one.seconds is None]
    assert {one.reason for one in skipped} == {"it would take too long"}
    assert (0, 8.0, 64) in {(one.contender, one.width, one.batch) for one in skipped}
    assert len(compared.timings) == 2 * 16  # what was left out is there, with its reason


def test_the_first_steps_do_not_count_and_one_slow_step_does_not_matter():
    taken = iter([9.0, 0.02, 0.02, 0.5, *[0.02] * 100])
    now = [0.0]

    def step() -> None:
        now[0] += next(taken)

    assert timed(SimpleNamespace(step=step, wait=lambda: None), 0.25, lambda: now[0]) == pytest.approx(0.02)


def test_of_two_slow_steps_the_faster_counts():
    taken, now = iter([9.0, 2.0, 0.1]), [0.0]

    def step() -> None:
        now[0] += next(taken)

    assert timed(SimpleNamespace(step=step, wait=lambda: None), 0.25, lambda: now[0]) == pytest.approx(0.1)


def test_a_step_on_a_gpu_ends_when_it_was_waited_for():
    now, given = [0.0], [0]

    def step() -> None:
        given[0] += 1
        now[0] += 1e-6  # to hand it over

    def wait() -> None:
        now[0] += given[0] * 1e-3
        given[0] = 0

    assert timed(SimpleNamespace(step=step, wait=wait), 0.25, lambda: now[0]) == pytest.approx(1e-3, rel=0.01)


def test_too_little_memory_is_told_and_larger_sizes_are_not_tried():
    def full(contender, width, batch):
        if contender is GPU and batch >= 128:
            return torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return step_of(contender, width, batch)

    machine = Machine(full)
    compared = machine.course((64, 128, 256))
    told = {(one.contender, one.batch): one.reason for one in compared.timings}
    assert told[1, 128] == told[1, 256] == "there is not enough memory"
    assert not told[0, 256]
    assert ("cuda:0", 1.0, 256) not in machine.steps


def test_what_pytorch_refuses_is_told_and_the_rest_goes_on():
    def picky(contender, width, batch):
        return ValueError("Expected more than 1 value per channel") if batch == 1 else step_of(contender, width, batch)

    told = {one.batch: one.reason for one in Machine(picky).course((1, 2)).timings}
    assert told == {1: "PyTorch: Expected more than 1 value per channel", 2: "", 64: ""}


def test_sizes_are_measured_once_and_from_small_to_large():
    assert sizes_of((64, 1), (8.0, 1.0, 0.5), 64) == [(1.0, 1), (1.0, 64), (0.5, 64), (8.0, 64)]


def test_contenders_are_threads_of_the_cpu_and_every_gpu_that_can_be_used(monkeypatch):
    monkeypatch.setattr(module, "available_cores", lambda: 6)
    devices = (Device("cpu", "CPU"), Device("cuda:0", "NVIDIA H100"), Device("mps", "Apple", reason="not a Mac"))
    assert [(one.device, one.threads) for one in contenders_of(devices)] == [
        ("cpu", 1), ("cpu", 2), ("cpu", 4), ("cpu", 6), ("cuda:0", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["lenet-digits", "linear-california"])
def test_a_real_one_measures_every_size_and_leaves_all_as_it_was(name):
    project, state, threads = projects.load(f"preset:{name}"), torch.get_rng_state(), torch.get_num_threads()
    told = []
    compared = compare(project, seconds=60, batches=(1, 8), factors=(0.5, 1.0, 2.0),
                       progress=lambda so_far, done, total: told.append((len(so_far.timings), done, total)))  # fmt: skip
    assert [one.reason for one in compared.timings if one.seconds is None] == []
    assert all(one.seconds > 0 for one in compared.timings)
    assert told == [(done, done, told[-1][2]) for done in range(1, len(compared.timings) + 1)]
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    if not torch.cuda.is_available():
        assert any("No GPU was found" in note for note in compared.notes) != torch.backends.mps.is_available()


def test_eight_times_the_samples_of_a_large_network_take_several_times_as_long():
    wide = (Layer("Flatten"), Layer("Linear", {"out_features": 2000}), Layer("Linear"))
    project = Project(Data(dataset="digits"), wide, Recipe())
    compared = compare(project, seconds=60, batches=(128, 1024), factors=())
    line = lines(compared, "batch")[0]
    assert line[1024] > 3 * line[128]


def test_what_would_not_fit_is_refused_by_count(monkeypatch):
    bench = Bench(LINEAR, check(LINEAR))  # digits are 8×8: 650 weights; 64 + 64 + 10 values for a sample
    monkeypatch.setattr(module, "free_memory", lambda device: 10 * 4 * (4 * 650 + 3 * 138 * 1000))
    assert bench.refusal(CPU, 1.0, 1000) == ""
    assert bench.refusal(CPU, 1.0, 10_000) == "there is not enough memory"
    assert bench.refusal(CPU, 8.0, 1000) == "there is not enough memory"


def test_a_project_that_does_not_fit_is_refused():
    with pytest.raises(Problem, match="Linear"):
        compare(Project(Data(dataset="digits"), (Layer("Flatten"), Layer("Linear", {"in_features": 7})), Recipe()))


@pytest.mark.parametrize(("busy", "told"), [(3.0, False), (80.0, True)])
def test_other_work_on_the_machine_is_told(monkeypatch, busy, told):
    monkeypatch.setattr(module.psutil, "cpu_percent", lambda interval: busy)
    compared = compare(LINEAR, seconds=60, batches=(1,), factors=())
    assert any("80 % of its processors" in note for note in compared.notes) == told
