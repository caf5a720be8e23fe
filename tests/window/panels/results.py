"""Evaluations made by hand, as the probe `evaluation` would answer, for the tests of the panels that show them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from playground.core.messages import Array, Frame, Picture, RunFacts, Watch
from playground.session.session import Session
from playground.window.panels._drawing import finish_all
from tests.window.panels.feed import FACTS, pixels, settle

PAGE = 24
DIGITS = tuple("0123456789")


def as_array(values: Any) -> Array:
    plain = np.ascontiguousarray(values)
    return Array(str(plain.dtype), plain.shape, plain.tobytes())


class OfClasses:
    """An evaluation of a network that takes every so many samples for the next class. inputs: (samples, *shape)"""

    def __init__(
        self, classes: tuple[str, ...] = DIGITS, samples: int = 400, wrong: int = 5, inputs: Any = None
    ) -> None:
        draw = np.random.default_rng(len(classes))
        self.classes, self.step, self.epoch, self.loss = classes, 338, 2, 0.125
        self.labels = np.arange(samples) % len(classes)
        self.inputs = draw.uniform(0, 1, (samples, 1, 8, 8)).astype("f4") if inputs is None else inputs
        scores = draw.uniform(0, 0.5, (samples, len(classes)))
        scores[np.arange(samples), self.labels] += draw.uniform(1, 3, samples)
        mistaken = draw.choice(samples, samples // wrong, replace=False) if wrong else np.arange(0)
        scores[mistaken, (self.labels[mistaken] + 1) % len(classes)] += draw.uniform(3, 6, len(mistaken))
        exponents = np.exp(scores)
        self.probabilities = (exponents / exponents.sum(1, keepdims=True)).astype("f4")

    @property
    def found(self) -> np.ndarray:
        return self.probabilities.argmax(1)

    @property
    def confusion(self) -> np.ndarray:
        matrix = np.zeros((len(self.classes),) * 2, np.int64)
        np.add.at(matrix, (self.labels, self.found), 1)
        return matrix

    def chosen(self, options: dict[str, Any]) -> np.ndarray:
        which, wrong = options.get("which", "mistakes"), np.flatnonzero(self.found != self.labels)
        if which == "cell":
            true, found = options["cell"]
            return np.flatnonzero((self.labels == true) & (self.found == found))
        surest = np.argsort(-self.probabilities.max(1)[wrong], kind="stable")
        return np.arange(len(self.labels)) if which == "all" else wrong[surest]

    def __call__(self, watch: Watch) -> Picture:
        matrix, options = self.confusion, watch.options
        chosen = self.chosen(options)
        page = chosen[options.get("first", 0) :][:PAGE]
        facts = {
            "part": options.get("part", "test"), "samples": len(self.labels), "epoch": self.epoch, "step": self.step,
            "loss": self.loss, "classes": list(self.classes), "accuracy": float((self.found == self.labels).mean()),
            "recall": _shares(matrix, 1), "precision": _shares(matrix, 0), "total": len(chosen), "stored": False,
        }  # fmt: skip
        arrays = {
            "confusion": as_array(matrix), "numbers": as_array(page), "labels": as_array(self.labels[page]),
            "probabilities": as_array(self.probabilities[page]), "inputs": as_array(self.inputs[page]),
        }  # fmt: skip
        if len(self.classes) > 3:
            facts["top_k"] = {"k": min(5, len(self.classes) - 1), "accuracy": 0.995}
        if len(self.classes) == 2:
            facts["auc"] = 0.875
            arrays["roc"] = as_array([[0.0, 0.0, 0.5, 1.0], [0.0, 0.5, 1.0, 1.0]])
        return Picture(watch, self.step, arrays, facts)


class OfNumbers:
    """An evaluation of a network that predicts numbers. inputs: (samples, *shape)"""

    def __init__(self, samples: int = 60, inputs: Any = None) -> None:
        draw = np.random.default_rng(1)
        self.step, self.epoch, self.loss = 50, 1, 4.0
        self.true = draw.normal(100, 20, samples)
        self.predicted = self.true + draw.normal(0, 5, samples)
        self.inputs = draw.normal(size=(samples, 3)).astype("f4") if inputs is None else inputs

    def __call__(self, watch: Watch) -> Picture:
        options, residuals = watch.options, self.true - self.predicted
        order = np.argsort(-np.abs(residuals), kind="stable")
        chosen = np.arange(len(self.true)) if options.get("which") == "all" else order
        page = chosen[options.get("first", 0) :][:PAGE]
        counts, edges = np.histogram(residuals, bins=40)
        facts = {
            "part": options.get("part", "test"), "samples": len(self.true), "epoch": self.epoch, "step": self.step,
            "loss": self.loss, "r2": float(1 - (residuals**2).sum() / ((self.true - self.true.mean()) ** 2).sum()),
            "rmse": float(np.sqrt((residuals**2).mean())), "mae": float(np.abs(residuals).mean()),
            "total": len(chosen), "stored": False,
        }  # fmt: skip
        plain = {"predicted": self.predicted, "true": self.true, "edges": edges, "targets": self.true[page],
                 "predicted_of": self.predicted[page]}  # fmt: skip
        arrays = {name: as_array(values.astype("f4")) for name, values in plain.items()}
        whole = {"counts": counts, "numbers": page, "inputs": self.inputs[page]}
        return Picture(watch, self.step, arrays | {name: as_array(values) for name, values in whole.items()}, facts)


def _shares(matrix: np.ndarray, axis: int) -> list[float | None]:
    sums = matrix.sum(axis)
    return [float(hit / all_) if all_ else None for hit, all_ in zip(matrix.diagonal(), sums, strict=True)]


def untested(watch: Watch) -> Picture:
    return Picture(watch, 0, fault="Evaluation: the network has not been tested yet. Press Test now.")


def tell(
    session: Session,
    answer: Callable[[Watch], Picture],
    state: str = "paused",
    step: int = 338,
    facts: RunFacts = FACTS,
) -> None:
    """One frame of a run, in which every watch of an evaluation is answered."""
    training = session.training
    training.project = training.project or session.document.project
    pictures = tuple(answer(watch) for watch in training._pictures.watches() if watch.probe == "evaluation")
    training._on_frame(Frame(state=state, step=step, facts=facts, pictures=pictures))
    settle()


def drawn(panel: QWidget) -> np.ndarray:
    """What a panel shows once it is drawn: (height, width, 4) uint8."""
    settle()
    finish_all(panel)
    return pixels(panel)
