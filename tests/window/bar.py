"""What the tests of the run bar share: a bar without an engine, and frames made by hand."""

import pytest
from PySide6.QtWidgets import QApplication

from playground.core.messages import (
    EpochReport,
    Frame,
    Picture,
    RunFacts,
    Watch,
)
from playground.core.problem import Fault
from playground.session.session import Session
from playground.window.run_bar import RunBar
from tests.window.frame import array

FACTS = RunFacts("cpu", 1, "contiguous", 5392, 1000, 169, 10)
FAULT = Fault(where="Training", what="the loss is not a number", fix="Lower the learning rate")
EPOCH_2 = EpochReport(2, 338, 0.1, 0.12, 0.961, 5.0)


@pytest.fixture
def bar(session, qtbot, at_rest) -> RunBar:
    made = RunBar(session)
    qtbot.addWidget(made)
    made.resize(1440, made.sizeHint().height())
    made.show()
    QApplication.processEvents()
    return made


@pytest.fixture
def called(session, monkeypatch, at_rest) -> list:
    """Names of the orders that the training was given, in order."""
    orders: list = []
    for name in ("start", "pause", "resume", "step", "step_epoch", "stop", "reset"):
        monkeypatch.setattr(session.training, name, lambda name=name: orders.append(name))
    monkeypatch.setattr(session.training, "set_speed", lambda speed: orders.append(("speed", speed)))
    return orders


@pytest.fixture
def at_rest(session):
    """No run is waited for when the session closes."""
    yield
    session.training._set_state("idle")
    session.training._patience.stop()


def hear(session: Session, state: str = "running", step: int = 422, loss: float = 0.079, **more) -> None:
    """As if the runner had answered a pull."""
    session.training.project = session.document.project
    frame = Frame(state=state, step=step, first_step=step - 1, losses=array([loss]), facts=FACTS, **more)
    session.training._on_frame(frame)


def slopes(*ratios: float) -> Picture:
    layers = [{"path": [number], "index": number + 1, "name": "Conv2d"} for number in range(len(ratios))]
    arrays = {"gradient_norm": array(ratios), "update_ratio": array(ratios)}
    return Picture(Watch("slopes"), 422, arrays, {"layers": layers})
