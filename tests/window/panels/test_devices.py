"""The panel that compares devices: no process is started; its news are handed in."""

import numpy as np
import pytest

from playground.core.comparison import BATCHES, Comparison, Contender, Timing
from playground.core.edit import SetData
from playground.core.messages import Compared, Device, Failed
from playground.core.problem import Fault
from playground.window.panels.devices import DevicesPanel
from playground.window.theme import theme
from tests.window.frame import session  # noqa: F401
from tests.window.panels.feed import pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

CPU = Contender("cpu", 2, "the CPU with 2 threads", "CPU, 2 threads")
GPU = Contender("cuda:0", 1, "NVIDIA H100", "NVIDIA H100")
DEVICES = (Device("cpu", "CPU · 2 cores", 8 * 2**30), Device("mps", "Apple GPU (MPS)", reason="this is not a Mac"))


def timings() -> tuple[Timing, ...]:
    """The CPU takes 10 µs a sample and width; the GPU 2 ms to start. 1024 samples are too many for the CPU."""
    found = []
    for width, batch in [(1.0, batch) for batch in BATCHES] + [(2.0, 64), (8.0, 64)]:
        seconds = 1e-5 * batch * width**2
        found.append(Timing(0, width, batch, seconds) if batch < 1024 else Timing(0, width, batch, None, "too long"))
        found.append(Timing(1, width, batch, 2e-3 + seconds / 100))
    return tuple(found)


FOUND = Comparison((CPU, GPU), timings(), 64, ("A note.",))


@pytest.fixture
def panel(session, qtbot, monkeypatch) -> DevicesPanel:  # noqa: F811
    made = DevicesPanel(session)
    qtbot.addWidget(made)
    made.resize(900, 560)
    made.show()
    settle()
    return made


@pytest.fixture
def asked(session, monkeypatch) -> list:  # noqa: F811
    """The comparison's orders; `start` only pretends."""
    orders: list = []
    comparison = session.comparison

    def start() -> None:
        orders.append("start")
        comparison.project = session.document.project
        comparison.found = comparison.fault = None
        comparison._set_state("measuring")

    monkeypatch.setattr(comparison, "start", start)
    return orders


def tell(panel: DevicesPanel, found: Comparison = FOUND, done: int = 26, total: int = 26) -> None:
    """As if the process had said so."""
    panel.session.comparison._on_answer(Compared(1, found, done, total))
    settle()


def measured(panel: DevicesPanel) -> None:
    panel.button.click()
    tell(panel)


def test_before_it_measures_it_says_what_it_would_do_and_what_there_is(panel):
    panel.session.client.devices = DEVICES
    panel.session.client.devices_changed.emit()
    settle()
    assert "Press Measure" in panel._empty.text()
    assert panel._empty.isVisible()
    assert "CPU · 2 cores, 8.0 GiB" in panel.notes.text()
    assert "Apple GPU (MPS): this is not a Mac." in panel.notes.text()
    assert not panel.progress.isVisible()


def test_a_press_measures_and_another_cancels(panel, asked):
    panel.button.click()
    settle()
    assert asked == ["start"]
    assert panel.button.text() == "Cancel"
    tell(panel, done=5)
    assert (panel.progress.value(), panel.progress.maximum(), panel.progress.isVisible()) == (5, 26, True)
    assert panel.subtitle == "5 of 26 timings"
    assert panel.said.text() == ""  # nothing is claimed before the end
    panel.button.click()
    settle()
    assert panel.session.comparison.state == "cancelled"
    assert "stopped early" in panel.said.text()
    assert panel.button.text() == "Measure"


def test_lines_are_samples_a_second_over_batch_sizes(panel, asked):
    measured(panel)
    (x, cpu), (_x, gpu) = (curve.getData() for curve in panel.chart.curves)
    np.testing.assert_allclose(2**x, BATCHES[:-1])
    np.testing.assert_allclose(10**cpu, 1e5)  # 10 µs a sample, whatever the batch
    np.testing.assert_allclose(10**gpu, [n / (2e-3 + 1e-7 * n) for n in BATCHES])
    assert not panel._empty.isVisible()
    assert panel.notes.text().endswith("A note.")


def test_the_crossover_is_marked_and_told(panel, asked):
    measured(panel)
    assert panel.said.text().startswith("From batch 256 on, NVIDIA H100 is faster; below, the CPU with 2 threads is.")
    ((line, text),) = panel.chart.marks
    assert 2 ** line.value() == pytest.approx(202, rel=0.03)  # 1e-5·n = 2e-3 + 1e-7·n
    assert text.toPlainText() == "batch 256"
    shown = panel.chart.plot.getViewBox().sceneBoundingRect()
    assert shown.adjusted(-1, -1, 1, 1).contains(text.mapRectToScene(text.boundingRect()))  # else it is cut off


def test_by_time_and_by_width_draw_the_other_figures(panel, asked):
    measured(panel)
    panel.figures.button("time").click()
    settle()
    np.testing.assert_allclose(10 ** panel.chart.curves[1].getData()[1], [2 + 1e-4 * n for n in BATCHES])
    panel.sweeps.button("width").click()
    settle()
    x, y = panel.chart.curves[0].getData()
    assert (2**x).tolist() == [1, 2, 8]
    np.testing.assert_allclose(10**y, [0.64, 2.56, 40.96])
    assert panel.said.text().startswith("From width ×2 on, NVIDIA H100 is faster")


def test_the_crosshair_reads_the_nearest_size_and_why_a_figure_is_missing(panel, asked):
    measured(panel)
    x, heading, shown = panel.chart._read(9.7)
    assert (x, heading) == (10.0, "batch 1,024")
    assert shown[0] == ("CPU, 2 threads", "too long", "text")
    assert shown[1][1] == f"{1024 / (2e-3 + 1.024e-4):,.0f} samples/s"


def test_names_stand_where_their_lines_end_whatever_the_size_is(panel, asked):
    measured(panel)
    for height in (560, 400, 700):
        panel.resize(900, height)
        settle()
        ends = {text: y for text, _color, y in panel.chart.labels._labels}
        for contender, curve in zip((CPU, GPU), panel.chart.curves, strict=True):
            assert ends[contender.label] == pytest.approx(panel.chart.plot.y_pixel(curve.getData()[1][-1]), abs=1)
            assert 0 < ends[contender.label] < panel.chart.plot.height()


def test_an_edit_makes_it_old(panel, asked):
    measured(panel)
    assert panel.subtitle == ""
    panel.session.document.apply(SetData({"batch_size": 7}))
    settle()
    assert panel.subtitle == "measured before the last edit"


def test_beside_a_run_it_does_not_measure(panel, asked):
    training = panel.session.training
    training._set_state("running")
    settle()
    assert not panel.button.isEnabled()
    assert "A run is active" in panel.button.toolTip()
    training._set_state("idle")
    settle()
    assert panel.button.isEnabled()


def test_why_it_failed_is_said(panel, asked):
    panel.button.click()
    panel.session.comparison._on_answer(Failed(1, Fault(where="Memory", what="there is none", fix="Add some")))
    settle()
    assert "there is none" in panel.said.text()
    assert panel.button.text() == "Measure"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_is_drawn_in_the_colours_of_the_theme(panel, asked, name):
    measured(panel)
    before = pixels(panel)
    theme().set("dark" if name == "light" else "light")
    settle()
    theme().set(name)
    settle()
    assert pixels(panel).shape == before.shape
    lines = {curve.opts["pen"].color().name() for curve in panel.chart.curves}
    assert lines == {theme().layer_lines()[0].name(), theme().layer_lines()[-1].name()}


def test_ticks_between_powers_of_ten_are_short():
    from playground.window.plots.axis import ValueAxis

    axis = ValueAxis()
    axis.logarithmic = True
    values = [float(np.log10(one)) for one in (0.02, 5, 200, 2_000, 50_000)]
    assert axis.tickStrings(values, 1, 1) == ["0.02", "5", "200", "2·10³", "5·10⁴"]
