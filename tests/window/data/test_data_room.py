"""The data panel shows every kind of data on every page, asks only when it is seen, and forgets what is not true any more."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from playground.core.edit import InsertLayers, SetData
from playground.core.messages import DatasetState, LookAtBatch, LookAtSamples, SurveyData
from playground.core.problem import Fault
from playground.window.data.balance_page import balance_sentence
from playground.window.data.room import PAGES
from playground.window.panels.data import DataPanel
from playground.window.theme import theme
from tests.window.data.answers import KINDS, TABLE, Bench, show_page
from tests.window.frame import relu
from tests.window.panels.feed import feed, pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def colors(widget) -> int:
    return len(np.unique(pixels(widget).view(np.uint32)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_page_draws_every_kind_in_both_themes(make_panel, kind, name):
    theme().set(name)
    panel, _bench = make_panel(kind)
    for page in PAGES:
        shown = show_page(panel, page)
        assert colors(shown) > 8, page
        assert panel.room.currentWidget() is (shown if panel.room.name == page else panel.room.page("samples"))
    assert (panel.room.name == "scatter") is False


def test_nothing_is_asked_before_the_panel_is_seen(session, qtbot):
    bench = Bench(session, TABLE)
    panel = DataPanel(session)
    qtbot.addWidget(panel)
    session.document.apply(SetData({"batch_size": 7}))
    settle()
    assert bench.asked == []
    panel.show()
    settle()
    assert {type(one) for one in bench.asked} == {SurveyData, LookAtSamples}


def test_only_the_page_that_is_seen_asks(make_panel):
    panel, bench = make_panel()
    assert not [one for one in bench.asked if isinstance(one, LookAtBatch)]
    show_page(panel, "batch")
    assert len([one for one in bench.asked if isinstance(one, LookAtBatch)]) == 1


def test_another_network_asks_nothing_other_data_ask_anew(make_panel):
    panel, bench = make_panel()
    before = len(bench.asked)
    document = panel.session.document
    document.apply(InsertLayers((0,), (relu(),)))
    settle()
    assert len(bench.asked) == before
    document.apply(SetData({"test_fraction": 0.3}))
    settle()
    assert [type(one) for one in bench.asked[before:]].count(SurveyData) == 1


def test_another_batch_size_asks_for_the_batch_alone(make_panel):
    panel, bench = make_panel()
    show_page(panel, "batch")
    before = len(bench.asked)
    panel.session.document.apply(SetData({"batch_size": 5}))
    settle()
    assert [type(one) for one in bench.asked[before:]] == [LookAtBatch]


def test_frames_of_a_run_ask_nothing(make_panel):
    panel, bench = make_panel()
    before = len(bench.asked)
    feed(panel.session, 20)
    feed(panel.session, 40)
    assert len(bench.asked) == before


def test_a_class_filters_the_grid(make_panel):
    panel, bench = make_panel()
    page = panel.room.page("samples")
    page.classes.setCurrentIndex(page.classes.findData(3))
    page.classes.activated.emit(page.classes.currentIndex())
    settle()
    assert page.grid.total == int((bench.targets[:40] == 3).sum())
    assert {page.grid.at(position).target for position in range(page.grid.total)} == {3}
    assert bench.asked[-1].label == 3


def test_a_click_shows_the_sample_large_with_its_tensor(make_panel):
    panel, bench = make_panel()
    page = panel.room.page("samples")
    QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=page.grid._tile(5).center().toPoint())
    settle()
    facts = page.detail.facts_shown()
    assert page.detail.title.text() == "Sample 5"
    assert page.detail.label.text().startswith("label 5 · training")
    assert facts["shape"] == "1×8×8"
    assert facts["dtype"] == "float32"
    assert float(facts["max"]) == pytest.approx(bench.inputs[5].max(), rel=1e-3)
    assert float(facts["mean"]) == pytest.approx(bench.inputs[5].mean(), rel=1e-3)
    assert facts["strides"] == "64, 8, 1"
    assert facts["memory"] == "256 B"


def test_the_pointer_reads_a_value_of_the_sample(make_panel):
    panel, bench = make_panel()
    detail = panel.room.page("samples").detail
    canvas = detail.canvas
    pixels(canvas)
    side = canvas._place.width() / 8
    canvas._cell = canvas._cell_at(canvas._place.topLeft() + QPointF(2.5 * side, 6.5 * side))
    value = f"{bench.inputs[0, 0, 6, 2]:.4g}"
    assert canvas._words() == f"[0, 6, 2]  {value}"
    assert canvas._cell_at(QPointF(-4, -4)) is None


def test_keys_move_through_the_grid(make_panel):
    panel, _bench = make_panel()
    page = panel.room.page("samples")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(page.grid, key)
    assert page.grid.current == page.grid.columns + 1
    assert page.detail.title.text() == f"Sample {page.grid.columns + 1}"


def test_prepared_samples_are_those_that_the_network_gets(make_panel):
    panel, bench = make_panel()
    page = panel.room.page("samples")
    page.form.button("prepared").click()
    settle()
    assert not bench.asked[-1].stored
    np.testing.assert_array_equal(page.grid.at(0).values, bench.prepared(np.arange(1))[0])


def test_a_grid_of_sixty_thousand_asks_for_what_is_in_sight(make_panel):
    panel, bench = make_panel()
    page = panel.room.page("samples")
    survey = bench.survey(1)
    before = len(bench.asked)
    page.grid.show_samples(survey.dataset, 60_000, page.grid._scale, page.grid._fetch)
    pixels(page.grid)
    assert len(bench.asked) - before <= 3
    page.grid.choose(59_999)
    assert page.grid._tile(59_999).bottom() < page.grid.viewport().height()
    assert page.grid._tile(59_999).top() > 0


def test_a_table_is_sorted_by_a_click_on_its_head(make_panel):
    panel, bench = make_panel("table")
    table = panel.room.page("samples").table
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    shown = [table.rows.at(row).values[1] for row in range(40)]
    assert shown == sorted(bench.inputs[:40, 1], reverse=True)
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert [table.rows.index(row, 2).data() for row in (0, 39)] == ["red", "green"]
    head = table.rows.headerData(1, Qt.Orientation.Horizontal)
    assert head == "height"
    table.selectRow(0)
    assert panel.room.page("samples").detail.facts_shown()["height"]


def test_the_scatter_draws_two_columns_and_names_the_point(make_panel):
    panel, bench = make_panel("table")
    page = show_page(panel, "scatter")
    assert page.plot.points == 40
    axes = page.plot._axes()
    left, top = page.plot._places(axes)
    found = page.plot.point_at(QPointF(left[7], top[7]))
    assert np.allclose([page.plot._xs[found], page.plot._ys[found]], bench.inputs[7])
    assert f"width  {bench.inputs[7, 0]:.4g}" in page.plot.words_of(found)
    assert page.plot.point_at(QPointF(-100, -100)) == -1
    page.across.setCurrentIndex(1)
    page.across.activated.emit(1)
    assert np.allclose(page.plot._xs, bench.inputs[:40, 1])


def test_pictures_have_no_scatter(make_panel):
    panel, _bench = make_panel()
    assert panel._pages.button("scatter").isHidden()
    show_page(panel, "scatter")
    assert panel.room.name == "samples"


def test_the_arrows_lead_from_step_to_step_and_over_the_end_of_the_epoch(make_panel):
    panel, bench = make_panel()
    page = show_page(panel, "batch")
    for _ in range(4):
        page._on.click()
    settle()
    assert (bench.asked[-1].epoch, bench.asked[-1].step) == (1, 0)
    assert page.title.text().startswith("Step 1 of 4 in epoch 2 · 10 samples · shuffled")
    page._back.click()
    assert (page._epoch, page._step) == (0, 3)
    assert "inputs 10×1×8×8 float32" in page.facts.text()
    assert "targets 10 int64" in page.facts.text()


def test_a_run_of_this_project_leads_to_the_batch_that_it_takes_next(make_panel):
    panel, bench = make_panel()
    page = show_page(panel, "batch")
    assert page.of_run.isHidden()
    feed(panel.session, 172)  # of 169 steps an epoch
    panel.session.training.state_changed.emit("paused")
    page.of_run.click()
    assert (bench.asked[-1].epoch, bench.asked[-1].step) == (1, 3)
    panel.session.document.apply(SetData({"batch_size": 7}))
    settle()
    assert page.of_run.isHidden()


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((40, 40, 40), "every class has 40"),
        ((10, 11), "Balanced: the largest"),
        ((10, 90), "9 times"),
        ((3, 0), "1 of 2"),
    ],
)
def test_balance_is_said_in_words(counts, words):
    assert words in balance_sentence(counts)


def test_data_that_cannot_be_read_say_why_and_offer_the_download(make_panel, session):
    panel, bench = make_panel()
    bench.fault = Fault(where="MNIST", what="its files are not on this machine", fix="Download it")
    session.client.datasets = (DatasetState("mnist", False, "", 11_000_000, bench.fault),)
    session.document.apply(SetData({"dataset": "mnist"}))
    settle()
    assert "its files are not on this machine" in panel.room._message.text()
    button = next(one for one in panel.findChildren(QPushButton) if one.text() == "Download" and one.isVisible())
    wanted = []
    session.client.fetch = wanted.append
    button.click()
    assert wanted == ["mnist"]
    bench.fault = None
    session.client.fetched.emit("mnist")
    settle()
    assert panel.room.currentWidget() is panel.room.page("samples")
