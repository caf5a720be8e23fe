"""What the tests of the panels share: frames and pictures as a run of LeNet would send them, without an engine."""

from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.core.edit import SetArgument
from playground.core.messages import EpochReport, Failed, Frame, Picture, RunFacts, Watch
from playground.core.problem import Fault
from playground.session.session import Session
from tests.window.frame import array

FACTS = RunFacts("cpu", 1, "contiguous", 10_816, 1_800, 169, 10)
LAYERS = [
    {"path": [0], "index": 1, "name": "Conv2d"},
    {"path": [3], "index": 4, "name": "Conv2d"},
    {"path": [7], "index": 8, "name": "Linear"},
    {"path": [9], "index": 10, "name": "Linear"},
    {"path": [11], "index": 12, "name": "Linear"},
]
MAPS = {(0,): (6, 30, 30), (3,): (16, 13, 13), (7,): (120,)}
INPUTS = {(0,): (1, 32, 32), (3,): (6, 15, 15)}
WEIGHTS = {(0,): (6, 1, 3, 3), (3,): (16, 6, 3, 3)}


def losses(count: int) -> np.ndarray:
    """A falling, noisy curve."""
    noise = np.random.default_rng(count).lognormal(0, 0.3, count)
    return (2.3 / (1 + np.arange(count) / 100) * noise).astype(np.float32)


def answer(watch: Watch, step: int) -> Picture:
    """As the probe of this name would."""
    draw = np.random.default_rng(step)
    path = tuple(watch.options.get("layer", ()))
    match watch.probe:
        case "slopes":
            figures = {"gradient_norm": array(draw.uniform(0.1, 1, 5)), "update_ratio": array([0.002] * 4 + [0.006])}
            return Picture(watch, step, figures, {"layers": LAYERS})
        case "filters":
            weight = draw.normal(size=WEIGHTS[path])
            return Picture(
                watch, step, {"weight": array(weight), "bias": array(weight[:, 0, 0, 0])}, {"total": len(weight)}
            )
        case "feature_maps":
            maps = np.maximum(0, draw.normal(size=MAPS[path]))
            return Picture(watch, step, {"maps": array(maps)}, {"total": len(maps), "shown_layer": list(path)})
        case "window":
            weight = draw.normal(size=WEIGHTS[path])
            given = draw.normal(size=INPUTS[path])
            arrays = {"input": array(given), "weight": array(weight), "bias": array(weight[:, 0, 0, 0])}
            after = {"layer": "ReLU", "arguments": {}}
            facts = {"filters": len(weight), "first": 0, "input": path == (0,), "after": after}
            return Picture(watch, step, arrays, facts)
        case "dead_units":
            return Picture(watch, step, {}, {"layers": [], "samples": 64, "seconds": 0.0})
        case "evaluation":
            from tests.window.panels.results import OfClasses  # which feeds its frames as this file does

            evaluation = OfClasses(wrong=2 + step % 9)
            evaluation.step = step
            return evaluation(watch)
    figures = {"input": array(draw.normal(size=(1, 32, 32))), "output": array(np.arange(10)), "probabilities": array(
        [0.01] * 3 + [0.91] + [0.01] * 6)}  # fmt: skip
    return Picture(watch, step, figures, {"label": 3, "prediction": 3, "total": 1_800})


def settle() -> None:
    """Let timers of 0 ms and what they draw be done."""
    for _turn in range(4):
        QApplication.processEvents()


def feed(session: Session, steps: int, values: np.ndarray | None = None, **more: Any) -> None:
    """One frame of a run that has done so many steps, with a picture for every watch there is."""
    training = session.training
    training.project = training.project or session.document.project
    first = len(training.history.losses)
    fresh = losses(steps)[first:] if values is None else values
    epochs = tuple(
        EpochReport(n, n * 169, 1 / n, 1.5 / n, 1 - 0.2 / n, 1.0) for n in range(1, min(steps // 169, 10) + 1)
    )[len(training.history.epochs) :]
    pictures = tuple(answer(watch, steps) for watch in training._pictures.watches())
    training._on_frame(
        Frame(state=more.pop("state", "running"), step=steps, first_step=first, losses=array(fresh), epochs=epochs,
              facts=FACTS, pictures=pictures, samples_per_second=2_150.0, **more)
    )  # fmt: skip
    settle()


def make_misfit(session: Session) -> None:
    """An edit after which the network does not fit, as the workbench would answer it."""
    session.document.apply(SetArgument((3,), "kernel_size", 5))
    pictures = session.training._pictures
    pictures._asked = session.document.project, pictures.watches()
    pictures._on_answer(Failed(1, Fault(where="Linear", what="it does not fit", fix="Undo")))
    settle()


def pixels(widget: Any) -> np.ndarray:
    """What a widget shows: (height, width, 4) uint8."""
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()
