"""The loss panel."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMainWindow, QWidget

from playground.core.edit import SetRecipe
from playground.core.messages import EpochReport, Frame, Steered
from playground.window.docks import PanelDock
from playground.window.panels.loss import SPEC, LossPanel
from tests.window.panels.feed import FACTS, feed, losses, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def panel(session, qtbot) -> LossPanel:
    made = LossPanel(session)
    qtbot.addWidget(made)
    made.resize(430, 390)
    made.show()
    settle()
    return made


def button(panel: LossPanel, text: str):
    return next(one for one in panel.header_widgets() if getattr(one, "text", str)() == text)


def test_before_a_run_one_sentence_stands_in_an_empty_plot(panel):
    assert panel.curve_names() == []
    assert panel._empty.isVisible()


def test_steps_their_average_and_the_test_part_are_three_curves(panel):
    feed(panel.session, 422)
    assert panel.curve_names() == ["train, each step", "train", "test"]
    assert not panel._empty.isVisible()
    x, y = panel._raw.getData()
    assert len(x) == 422
    np.testing.assert_allclose(10**y, losses(422), rtol=1e-5)
    assert panel._test.getData()[0].tolist() == [169, 338]


def validated(session, losses) -> None:
    """One frame of a run whose validation part was measured after each epoch."""
    epochs = [EpochReport(n, n * 169, 1 / n, 1.5 / n, 0.9, 1.0, loss, 0.9) for n, loss in enumerate(losses, 1)]
    training = session.training
    training.project = session.document.project
    training._on_frame(Frame(state="running", step=169 * len(losses), epochs=tuple(epochs), facts=FACTS))
    settle()


def test_the_validation_part_is_a_curve_of_its_own_where_there_is_one(panel):
    validated(panel.session, [1.25, 0.7])
    assert panel.curve_names() == ["test", "validation"]
    x, y = panel._validation.getData()
    assert x.tolist() == [169, 338]
    np.testing.assert_allclose(10**y, [1.25, 0.7], rtol=1e-5)
    names = [name for name, _pen in panel._legend._entries]
    assert names == [name for name, _pen in panel._legend_inside._entries] == ["train", "test", "validation"]
    dashes = [tuple(pen.dashPattern()) for _name, pen in panel._legend._entries]
    assert len(set(dashes)) == 3  # told apart without their colours
    button(panel, "Epochs").setChecked(True)
    settle()
    assert ("validation", "0.700", "text") in panel._read(330.0)[2]
    assert (338, 0.7, "text") in panel._marks(330.0)
    panel.session.training.history.clear()
    feed(panel.session, 422)
    assert panel.curve_names() == ["train", "test"]
    assert [name for name, _pen in panel._legend._entries] == ["train", "test"]


def test_by_epochs_only_epochs_are_drawn(panel):
    feed(panel.session, 422)
    button(panel, "Epochs").setChecked(True)
    settle()
    assert panel.curve_names() == ["train", "test"]
    x, y = panel._smooth.getData()
    assert x.tolist() == [169, 338]
    np.testing.assert_allclose(10**y, [1, 0.5], rtol=1e-5)


def test_without_log_losses_are_drawn_as_they_are_from_zero(panel):
    feed(panel.session, 422)
    button(panel, "Log").setChecked(False)
    settle()
    np.testing.assert_allclose(panel._raw.getData()[1], losses(422), rtol=1e-5)
    assert panel.plot.getViewBox().viewRange()[1][0] == 0


def test_the_whole_curve_is_in_sight(panel):
    feed(panel.session, 422)
    (left, right), (low, high) = panel.plot.getViewBox().viewRange()
    x, y = panel._raw.getData()
    assert left <= x[0]
    assert x[-1] <= right == 507  # three epochs
    assert low < y.min()
    assert y.max() < high


def test_smoothing_can_be_changed_for_what_was_drawn_before(panel):
    feed(panel.session, 422)
    panel._set_factor(0.0)
    settle()
    np.testing.assert_allclose(10 ** panel._smooth.getData()[1], losses(422), rtol=1e-4)


def test_the_crosshair_reads_the_step_under_it(panel):
    feed(panel.session, 422)
    panel._set_factor(0.0)
    settle()
    x, heading, lines = panel._read(299.2)
    assert (x, heading) == (299.0, "step 300")
    assert [name for name, _value, _color in lines] == ["train", "this step", "test"]
    assert lines[1][1] == f"{losses(422)[299]:.3f}"
    assert lines[2][1] == "0.750"  # of epoch 2, the nearest


def test_the_crosshair_marks_the_points_it_reads(panel):
    feed(panel.session, 422)
    panel._set_factor(0.0)
    settle()
    box = panel.plot.getViewBox()
    panel._readout._on_moved(box.mapViewToScene(QPointF(299.0, -0.5)))
    places = [(point.pos().x(), 10 ** point.pos().y()) for point in panel._readout._circles.points()]
    np.testing.assert_allclose(places, [(299, losses(422)[299]), (338, 0.75)], rtol=1e-5)
    button(panel, "Epochs").setChecked(True)
    assert not panel._readout._circles.isVisible()


def test_the_curves_are_named_whole_at_every_width(session, qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = PanelDock(SPEC, LossPanel(session), window, session.lab)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock)
    window.show()
    for width in (700, 430, 340, 297, 260, 600, 480, 430, 340, 260):
        if width == 600:
            validated(session, [1.25, 0.7])
        window.resize(width, 300)
        settle()
        panel = dock.panel
        legends = [one for one in (panel._legend, panel._legend_inside) if one.isVisible()]
        assert len(legends) == 1
        assert legends[0].width() >= legends[0].sizeHint().width()
        assert legends[0].parentWidget().rect().contains(legends[0].geometry())
        controls = [one for one in dock.bar.children() if isinstance(one, QWidget) and one.isVisible()]
        places = sorted((one.geometry() for one in controls if one.width()), key=lambda place: place.x())
        assert all(left.right() < right.left() for left, right in pairwise(places)), width


def test_a_stopped_run_is_marked_at_its_last_step(panel):
    feed(panel.session, 422)
    assert panel.ends.texts() == []
    feed(panel.session, 422, np.empty(0, np.float32), state="idle")
    assert panel.ends.end.line.value() == 422
    assert panel.ends.texts() == ["stopped\nstep 422"]


def test_a_run_that_stopped_by_itself_is_marked_at_its_best_epoch_and_at_its_end(panel):
    feed(panel.session, 845, best_epoch=2)
    assert panel.ends.texts() == []  # nobody waits for it
    best = {"best_epoch": 2, "weights_epoch": 2, "stopped_early": True}
    feed(panel.session, 845, np.empty(0, np.float32), state="finished", **best)
    assert panel.ends.texts() == ["best: epoch 2", "stopped by itself\nstep 845"]
    assert (panel.ends.best.line.value(), panel.ends.end.line.value()) == (338, 845)
    panel.session.training.history.clear()
    panel.refresh()
    assert panel.ends.texts() == []


def test_while_it_waits_for_a_better_epoch_the_best_so_far_is_marked(panel):
    document = panel.session.document
    document.apply(SetRecipe({"patience": 3}))
    feed(panel.session, 422, best_epoch=1)
    assert panel.ends.texts() == ["best: epoch 1"]
    assert panel.ends.best.line.value() == 169
    feed(panel.session, 600, best_epoch=3)
    assert (panel.ends.texts(), panel.ends.best.line.value()) == (["best: epoch 3"], 507)


def test_steps_that_a_resumed_run_repeats_are_drawn_once(panel):
    feed(panel.session, 200)
    panel.session.training.history.clear()
    feed(panel.session, 150, np.full(150, 3.0, np.float32))
    x, y = panel._raw.getData()
    assert len(x) == 150
    np.testing.assert_allclose(10**y, 3, rtol=1e-5)


def test_a_million_steps_are_a_thousand_points(panel):
    feed(panel.session, 1_000_000, losses(1_000_000))
    for _ in range(60):
        settle()
    for curve in (panel._raw, panel._smooth):
        x, _y = curve.getData()
        assert len(x) <= 1_002
        assert x[-1] == 999_999


def test_a_loss_that_is_no_number_leaves_a_gap(panel):
    values = losses(100)
    values[50:] = np.nan
    feed(panel.session, 100, values)
    y = panel._raw.getData()[1]
    assert np.isnan(y[50:]).all()
    assert np.isfinite(panel.plot.getViewBox().viewRange()).all()


def test_a_rate_that_was_changed_meanwhile_stands_at_its_step(panel):
    feed(panel.session, 422)
    assert panel.changes.texts() == []
    steered = (Steered(100, "lr", 0.05, 0.03), Steered(100, "lr", 0.03, 0.02), Steered(300, "weight_decay", 0, 0.01))
    frame = Frame(state="running", step=422, first_step=422, steered=steered)
    panel.session.training._on_frame(frame)
    settle()
    assert panel.changes.texts() == ["learning rate 0.02", "weight decay 0.01"]
    assert [line.value() for line, _text in panel.changes._lines] == [100, 300]
    panel.session.training.history.clear()
    panel.refresh()
    assert panel.changes.texts() == []
