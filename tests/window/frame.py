"""What the tests of the window's frame share: a session whose engine is not started, and checks written by hand."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from playground.core import network as tree
from playground.core.arguments import in_effect
from playground.core.edit import SetArgument
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.messages import Array, Picture, Watch
from playground.core.project import Project
from playground.core.report import Fix, Report, Row, RowError
from playground.session.session import Session
from playground.window.layer_list.panel import LayerListPanel
from playground.window.theme import theme

LENET_SHAPES = (
    (1, 32, 32), (6, 30, 30), (6, 30, 30), (6, 15, 15), (16, 13, 13), (16, 13, 13), (16, 6, 6),
    (576,), (120,), (120,), (84,), (84,), (10,),
)  # fmt: skip
LENET_PARAMETERS = (60, 0, 0, 880, 0, 0, 0, 69240, 0, 10164, 0, 850)
FIX = Fix("Set in_features to 400", (SetArgument((7,), "in_features", 400),))
MISFIT = RowError(
    sentence="It expects 576 values; Flatten gives 400.",
    torch_message="mat1 and mat2 shapes cannot be multiplied (1x400 and 576x120)",
    given=(400,),
    expected=(576,),
    argument="in_features",
)


@pytest.fixture
def session(qapp, tmp_path: Path, monkeypatch) -> Iterator[Session]:
    """A session on LeNet with empty folders and without processes."""
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    theme().install(qapp)
    theme().set("light")
    theme().set_text_scale(1.0)
    made = Session()
    yield made
    made.close()
    made.deleteLater()
    theme().set_text_scale(1.0)  # it is one for the whole process: the next test may have no session


@pytest.fixture
def panel(session, qtbot) -> LayerListPanel:
    """The layer list of LeNet, checked, in a window of its own."""
    made = LayerListPanel(session)
    qtbot.addWidget(made)
    made.resize(380, 640)
    made.show()
    show_report(session, lenet_report(session.document.project))
    QApplication.processEvents()
    return made


def lenet_report(project: Project, misfit_at: int | None = None) -> Report:
    """The check of the example LeNet as the tutorials give it. misfit_at: the position of a row that does not fit."""
    rows = []
    for number, (path, layer) in enumerate(tree.walk(project.network)):
        known = misfit_at is None or number < misfit_at
        input_shape = LENET_SHAPES[number] if known or number == misfit_at else None
        wrong = number == misfit_at
        rows.append(
            Row(
                index=number + 1,
                path=path,
                layer=layer.layer,
                input_shape=input_shape,
                output_shape=LENET_SHAPES[number + 1] if known else None,
                arguments=in_effect(LAYERS[layer.layer].arguments, layer.arguments, input_shape),
                parameters=LENET_PARAMETERS[number],
                error=MISFIT if wrong else None,
                fixes=(FIX,) if wrong else (),
            )
        )
    return Report(input_shape=(1, 32, 32), rows=tuple(rows), parameters=81194, bytes=324776, multiply_adds=270_000)


def show_report(session: Session, report: Report) -> None:
    """As if the workbench had answered."""
    session.client.report, session.client.checked = report, session.document.project
    session.client.report_changed.emit(report)


def array(values) -> Array:
    """Values as a float32 message."""
    values = np.ascontiguousarray(values, dtype=np.float32)
    return Array("float32", values.shape, values.tobytes())


def rows_picture(step: int, **maps) -> Picture:
    """What the probe `rows` would answer; keyword "_0" is the row of path (0,)."""
    arrays = {name.removeprefix("_"): array(values) for name, values in maps.items()}
    return Picture(Watch("rows", {"sample": 0}), step, arrays)


def names(session: Session) -> list[str]:
    return [layer.layer for layer in session.document.project.network]


def relu() -> Layer:
    return Layer("ReLU")
