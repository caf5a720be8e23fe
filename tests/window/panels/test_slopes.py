"""The slopes panel."""

import numpy as np
import pytest

from playground.core.messages import Frame, Picture, Watch
from playground.window.panels.slopes import SlopesPanel
from tests.window.frame import array
from tests.window.panels.feed import FACTS, LAYERS, feed, pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def panel(session, qtbot) -> SlopesPanel:
    made = SlopesPanel(session)
    qtbot.addWidget(made)
    made.resize(430, 390)
    made.show()
    settle()
    return made


def test_it_watches_the_slopes(panel):
    assert panel.watches() == (Watch("slopes"),)


def test_each_layer_with_parameters_is_a_line_named_at_its_end(panel):
    for step in (10, 20, 30):
        feed(panel.session, step)
    assert len(panel.norms._curves) == len(panel.ratios._curves) == 5
    named = {label.text for label in panel.norms.labels._labels}
    assert named == {"1 Conv2d", "4 Conv2d", "8 Linear", "10 Linear", "12 Linear"}
    assert panel.norms._curves[0].getData()[0].tolist() == [10, 20, 30]


def test_a_layer_that_learns_too_fast_lies_above_the_band(panel):
    for step in (10, 20):
        feed(panel.session, step)
    _low, high = panel.ratios._band.getRegion()
    ends = [curve.getData()[1][-1] for curve in panel.ratios._curves]
    assert [end > high for end in ends] == [False] * 4 + [True]


def test_the_band_is_in_sight_before_any_figure(panel):
    low, high = panel.ratios._band.getRegion()
    bottom, top = panel.ratios.plot.getViewBox().viewRange()[1]
    assert bottom <= low < high <= top


def test_many_looks_are_few_points_and_the_newest_is_one_of_them(panel):
    for step in range(1, 60):
        feed(panel.session, step)
    x = panel.norms._curves[0].getData()[0]
    assert len(x) == 59
    assert x[-1] == 59


def test_a_single_look_is_a_dot_a_layer_and_two_are_lines(panel):
    feed(panel.session, 10)
    for chart in (panel.norms, panel.ratios):
        x, y = chart.dots.getData()
        assert x.tolist() == [10] * 5
        assert np.isfinite(y).all()
        assert len({spot.brush().color().name() for spot in chart.dots.points()}) == 5
    before = pixels(panel.norms.plot)
    panel.norms.dots.setVisible(False)
    assert (pixels(panel.norms.plot) != before).any()
    feed(panel.session, 20)
    assert len(panel.norms.dots.points()) == 0


def test_a_slope_that_has_no_place_on_a_log_axis_is_no_dot(panel):
    run = panel.session.training
    for zero, dots in (({0, 1, 2, 3, 4}, 0), ({1, 3}, 3)):  # pyqtgraph warned of points that are nowhere
        run.history.clear()
        values = np.array([0.0 if place in zero else 0.5 for place in range(5)])
        figures = {"gradient_norm": array(values), "update_ratio": array(values)}
        seen = Picture(Watch("slopes"), 10, figures, {"layers": LAYERS})
        run.project = panel.session.document.project
        run._on_frame(Frame(state="running", step=10, facts=FACTS, pictures=(seen,)))
        settle()
        assert len(panel.norms.dots.points()) == len(panel.ratios.dots.points()) == dots


def test_a_run_that_was_too_short_for_slopes_is_told_so(panel):
    training = panel.session.training
    panel.refresh()
    assert panel._empty.text() == "Slopes are measured while the network trains."
    training.project = panel.session.document.project
    training._on_frame(Frame(state="finished", step=2, first_step=0, losses=array([2.3, 2.2]), facts=FACTS))
    panel.refresh()
    assert panel._empty.text().startswith("The run was over before its slopes were measured.")
    assert panel._empty.isVisible()
    assert panel._empty.heightForWidth(panel._empty.width()) <= panel._empty.height()  # all of it is seen


def test_it_says_why_it_is_empty_in_front_of_the_charts(panel):
    assert panel._empty.isVisible()
    assert panel.childAt(panel._empty.geometry().center()) is panel._empty
    panel.resize(260, 300)
    settle()
    assert panel._empty.geometry() == panel.norms.geometry()
