"""Lets the runner run out of memory, by a limit on its address space, and does what it then advises.

    uv run python -m tests.campaigns.memory [--count 20] [--seed 0]

Networks, batches and limits are drawn from the seed. Each time the run must fail with a sentence and no process may die;
where it names a batch size that fits, the run with that batch must go through under the same limit, an epoch with its
test and checkpoint; where it says that none fits, or that the samples do not, no batch size is offered. Then, without a
limit, the next run must work. Linux only, where a limit can be set on another process.
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psutil
from PySide6.QtCore import QCoreApplication

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.problem import MEMORY
from playground.core.project import Project
from playground.core.recipe import Recipe
from tests.campaigns.start_stop import wait_until

MB = 1_000_000
SAMPLES = 256  # of digits, so that an epoch is soon done
FIRST = Project(Data("digits"), (Layer("Flatten"), Layer("Linear")), Recipe(epochs=1))  # loads what reads digits
NEXT = Project(Data("iris"), (Layer("Linear"),), Recipe(epochs=2))


@dataclass
class Outcome:
    """name: of the round;  said: the sentence;  advised: batch size, 0 where none fits;  faults: what must not be"""

    name: str
    said: str = ""
    advised: int | None = None
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Round:
    """room: bytes that are left above what the idle runner takes;  fits: whether some batch size must"""

    name: str
    project: Project
    room: int
    fits: bool


def _project(network: tuple[Layer, ...], draw: random.Random, side: int, batch: int | str = "all") -> Project:
    data = Data("digits", preparation=({"resize": side},), batch_size=batch, subset=SAMPLES)
    optimizer: dict[str, Any] = draw.choice([{"SGD": {"lr": 1e-3, "momentum": 0.9}}, {"Adam": {}}])
    return Project(data, network, Recipe(epochs=1, optimizer=optimizer))


def convolutions(draw: random.Random) -> Round:
    """Many maps of many pixels."""
    maps = draw.choice([16, 32, 48])
    network = (
        Layer("Conv2d", {"out_channels": maps, "padding": 1}),
        Layer("ReLU"),
        Layer("Conv2d", {"out_channels": maps, "padding": 1}),
        Layer("BatchNorm2d"),
        Layer("ReLU"),
        Layer("AdaptiveAvgPool2d", {"output_size": 1}),
        Layer("Flatten"),
        Layer("Linear"),
    )
    return Round(f"convolutions of {maps} maps", _project(network, draw, 64), draw.randint(180, 350) * MB, True)


def pools(draw: random.Random) -> Round:
    """A network that shrinks soon: its first layer takes nearly all."""
    network = (
        Layer("Conv2d", {"out_channels": 24, "kernel_size": 5}),
        Layer("Tanh"),
        Layer("MaxPool2d"),
        Layer("Conv2d", {"out_channels": 16}),
        Layer("ReLU"),
        Layer("Flatten"),
        Layer("Linear"),
    )
    return Round("pooling", _project(network, draw, 96), draw.randint(180, 400) * MB, True)


def block(draw: random.Random) -> Round:
    """Blocks with a path around them."""
    inner = (
        Layer("Conv2d", {"out_channels": 24, "padding": 1}),
        Layer("BatchNorm2d"),
        Layer("ReLU"),
        Layer("Conv2d", {"out_channels": 24, "padding": 1}),
    )
    network = (
        Layer("Residual", {}, inner),
        Layer("ReLU"),
        Layer("Residual", {}, inner),
        Layer("Flatten"),
        Layer("Linear"),
    )
    return Round("residual blocks", _project(network, draw, 48), draw.randint(180, 350) * MB, True)


def enlarged(draw: random.Random) -> Round:
    """Samples that the network itself makes larger."""
    network = (
        Layer("Upsample", {"scale_factor": draw.choice([8, 12])}),
        Layer("Conv2d", {"out_channels": 4}),
        Layer("ReLU"),
        Layer("AdaptiveAvgPool2d", {"output_size": 4}),
        Layer("Flatten"),
        Layer("Linear"),
    )
    return Round("upsampled", _project(network, draw, 32), draw.randint(180, 350) * MB, True)


def weights(draw: random.Random) -> Round:
    """So many parameters that no batch fits."""
    width = draw.choice([6_000, 8_000])
    wide = Layer("Linear", {"out_features": width})
    network = (Layer("Flatten"), wide, Layer("ReLU"), wide, Layer("ReLU"), Layer("Linear"))
    return Round(f"{width} units twice", _project(network, draw, 8, 16), draw.randint(150, 300) * MB, False)


def samples(draw: random.Random) -> Round:
    """Samples that do not fit when they are prepared."""
    network = (Layer("Flatten"), Layer("Linear"))
    data = Data("digits", preparation=({"resize": draw.choice([180, 190])},), batch_size=16)
    return Round("samples", Project(data, network, Recipe(epochs=1)), draw.randint(120, 180) * MB, False)


MAKERS = (convolutions, pools, block, enlarged, weights, samples)


def attempt(session: Any, number: int, draw: random.Random) -> Outcome:
    """One round in a session whose runner is idle."""
    one = MAKERS[number % len(MAKERS)](draw)
    training, pid = session.training, session.training.pid
    outcome = Outcome(f"{number + 1} {one.name}, {one.room // MB} MB left")
    limit(pid, psutil.Process(pid).memory_info().vms + one.room)
    try:
        _run_out(session, one, outcome)
        if outcome.advised:
            state = trained(session, session.document.project)
            if state != "finished":
                outcome.faults.append(f"with batches of {outcome.advised} it {state}: {training.fault}")
    finally:
        if training.pid == pid:
            limit(pid, None)
    if trained(session, NEXT) != "finished":
        outcome.faults.append(f"the next run {training.state}: {training.fault}")
    if training.pid != pid:
        outcome.faults.append("the runner died")
    return outcome


def _run_out(session: Any, one: Round, outcome: Outcome) -> None:
    from playground.session.trouble import ways_out

    state, fault = trained(session, one.project), session.training.fault
    if state != "failed" or fault is None or fault.kind != MEMORY:
        outcome.faults.append(f"it should have run out of memory, but {state}: {fault}")
        return
    outcome.said, outcome.advised = str(fault), fault.batch_size
    if bool(outcome.advised) != one.fits or outcome.advised is None:
        outcome.faults.append(f"it advises {outcome.advised}: {fault}")
    ways = ways_out(session.document.project, fault)
    if bool(ways) != bool(outcome.advised):
        outcome.faults.append(f"ways out: {[way.label for way in ways]}")
    for way in ways:
        session.document.apply(*way.edits)
    if outcome.advised and session.document.project.data.batch_size != outcome.advised:
        outcome.faults.append("the way out sets another batch size than the sentence")


def trained(session: Any, project: Project) -> str:
    """How a run of it ends."""
    if project is not session.document.project:
        session.document.new(project, "memory")
    session.training.start()
    wait_until(lambda: not session.training.is_active)
    return str(session.training.state)


def limit(pid: int, size: int | None) -> None:
    """Bytes of address space that a process may have; None lifts the limit."""
    import resource

    unlimited = resource.RLIM_INFINITY
    resource.prlimit(pid, resource.RLIMIT_AS, (unlimited if size is None else size, unlimited))


def run(session: Any, count: int, seed: int, first: int = 0) -> Iterator[Outcome]:
    """session: started, its runner ready"""
    trained(session, FIRST)
    for number in range(first, first + count):
        yield attempt(session, number, random.Random(f"{seed} {number}"))


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=20)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--first", type=int, default=0, help="number of the first round, from 0")
    asked = ask.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = home
        from playground.session.session import Session

        app = QCoreApplication([])
        session = Session()
        session.training.frame_received.connect(session.training.acknowledge)
        session.start()
        try:
            wait_until(lambda: session.training.ready)
            for outcome in run(session, asked.count, asked.seed, asked.first):
                bad += bool(outcome.faults)
                print(f"{outcome.name}: {outcome.said}\n    {'; '.join(outcome.faults) or 'well'}", flush=True)
        finally:
            session.close()
        app.processEvents()
    print(f"{asked.count - bad} of {asked.count} went well, seed {asked.seed}")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
