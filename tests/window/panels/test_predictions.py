"""The gallery of predictions. Evaluations are made by hand."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.window.data import drawing
from playground.window.panels.predictions import READ_MS, PredictionsPanel
from playground.window.theme import theme
from tests.window.data.answers import KINDS, TABLE, Bench
from tests.window.panels.feed import settle
from tests.window.panels.results import OfClasses, OfNumbers, drawn, tell, untested

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def panel(session, qtbot) -> PredictionsPanel:
    made = PredictionsPanel(session)
    qtbot.addWidget(made)
    for widget in made.header_widgets():  # as the title bar of its dock would
        qtbot.addWidget(widget)
    made.resize(960, 300)
    made.show()
    settle()
    return made


def numbers_shown(panel: PredictionsPanel) -> list[int]:
    return [one.number for one in panel.tiles.predictions]


def click(panel: PredictionsPanel, position: int) -> None:
    place = panel.tiles.tile(position).center().toPoint()
    QTest.mouseClick(panel.tiles.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settle()


def test_the_surest_mistakes_come_first_with_their_likeliest_classes(panel):
    evaluation = OfClasses()
    tell(panel.session, evaluation)
    shown = panel.tiles.predictions
    wrong = np.flatnonzero(evaluation.found != evaluation.labels)
    expected = sorted(wrong, key=lambda one: -evaluation.probabilities[one].max())[:24]
    assert numbers_shown(panel) == expected
    for one in shown:
        row, label = evaluation.probabilities[one.number], evaluation.labels[one.number]
        best = np.argsort(-row)[:3]
        assert one.heading == f"{best[0]}, not {label}"
        assert [bar.name for bar in one.bars] == [str(number) for number in best]
        assert [bar.share for bar in one.bars] == pytest.approx(row[best])
        assert [bar.right for bar in one.bars] == [number == label for number in best]
    assert panel.subtitle == f"{len(wrong)} of 400 wrong, the surest first"


def test_all_samples_are_paged_through(panel):
    evaluation = OfClasses(samples=60)
    tell(panel.session, evaluation)
    panel.which.button("all").click()
    for first, span in ((0, "1 to 24 of 60"), (24, "25 to 48 of 60"), (48, "49 to 60 of 60")):
        tell(panel.session, evaluation)
        assert numbers_shown(panel) == list(range(60))[first : first + 24]
        assert panel.span.text() == span
        assert (panel.before.isEnabled(), panel.after.isEnabled()) == (first > 0, first < 48)
        panel.after.click()
    panel.before.click()
    assert panel.session.evaluating.first == 24
    right = [one.right for one in panel.tiles.predictions]
    assert right == [bool(evaluation.found[n] == evaluation.labels[n]) for n in numbers_shown(panel)]


def test_a_page_behind_the_end_leads_back(panel):
    evaluation = OfClasses()
    tell(panel.session, evaluation)
    panel.after.click()
    panel.after.click()
    better = OfClasses(wrong=40)  # ten mistakes are left
    tell(panel.session, better)
    assert panel.session.evaluating.first == 0
    tell(panel.session, better)
    assert len(panel.tiles.predictions) == 10


def test_a_chosen_cell_has_its_name_and_its_samples(panel):
    evaluation = OfClasses()
    tell(panel.session, evaluation)
    assert panel.which.button("cell").isHidden()
    panel.session.evaluating.choose_cell((4, 5))
    tell(panel.session, evaluation)
    expected = np.flatnonzero((evaluation.labels == 4) & (evaluation.found == 5))
    assert numbers_shown(panel) == expected[:24].tolist()
    assert panel.which.button("cell").text() == "4 → 5"
    assert panel.which.current == "cell"
    assert panel.subtitle == f"{len(expected)} of class 4 taken for 5"
    panel.which.button("mistakes").click()
    assert panel.session.evaluating.which == "mistakes"
    assert not panel.which.button("cell").isHidden()  # one may come back to it


def test_a_click_lets_other_panels_show_the_sample(panel):
    tell(panel.session, OfClasses())
    click(panel, 3)
    number = numbers_shown(panel)[3]
    assert panel.session.document.sample == number
    assert panel.tiles._marked == number


def test_arrows_move_over_the_tiles_and_enter_chooses(panel):
    tell(panel.session, OfClasses())
    tiles = panel.tiles
    columns, _width = tiles._columns()
    for key in ("Right", "Down", "Right", "Left"):
        QTest.keyClick(tiles, getattr(Qt.Key, f"Key_{key}"))
    assert tiles.current == columns + 1
    assert f"sample {numbers_shown(panel)[columns + 1]}" in tiles.accessibleName()
    QTest.keyClick(tiles, Qt.Key.Key_Return)
    assert panel.session.document.sample == numbers_shown(panel)[columns + 1]
    for _down in range(10):
        QTest.keyClick(tiles, Qt.Key.Key_Down)
    bar = tiles.verticalScrollBar()
    assert bar.value() + tiles.viewport().height() >= tiles.tile(23).bottom()


def test_without_mistakes_it_says_so(panel):
    tell(panel.session, OfClasses(wrong=0))
    assert panel.tiles._message == "No mistakes: every sample is right."
    assert panel.span.text() == "0 of 0"


def test_before_the_first_test_it_says_when_there_will_be_one(panel):
    assert "end of each epoch" in panel.tiles._message
    tell(panel.session, untested)
    assert "not been tested yet" in panel.tiles._message
    assert not panel.save_button.isEnabled()
    assert panel.which.isHidden()


def test_numbers_show_how_far_off_they_are(panel):
    evaluation = OfNumbers()
    tell(panel.session, evaluation)
    assert panel.which.button("mistakes").text() == "Largest errors"
    for one in panel.tiles.predictions:
        true, predicted = evaluation.true[one.number], evaluation.predicted[one.number]
        lines = {name: float(text.replace("−", "-")) for name, text in one.lines}
        assert lines == pytest.approx({"true": true, "predicted": predicted, "difference": true - predicted}, rel=1e-3)
    residuals = np.abs(evaluation.true - evaluation.predicted)
    assert numbers_shown(panel) == np.argsort(-residuals, kind="stable")[:24].tolist()


def test_rows_of_a_table_are_shown_as_they_are_stored(panel, monkeypatch):
    session = panel.session
    bench = Bench(session, TABLE)
    monkeypatch.setattr(type(session.looking), "dataset", TABLE)
    evaluation = OfClasses(TABLE.classes, samples=20, inputs=np.zeros((20, 2), "f4"))
    tell(session, evaluation)
    settle()
    part = bench.part("test")
    shown = panel.tiles._shown.samples
    assert np.array_equal(shown, bench.inputs[part][numbers_shown(panel)])


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_sample_is_drawn_in_both_themes(panel, monkeypatch, kind, name):
    spec = KINDS[kind]
    bench = Bench(panel.session, spec)
    monkeypatch.setattr(type(panel.session.looking), "dataset", spec)
    classes = spec.classes
    tell(panel.session, OfClasses(classes, 60, 2, bench.inputs) if classes else OfNumbers(60, bench.inputs))
    theme().set(name)
    settle()
    assert panel.tiles._shown.kind == spec.kind
    picture = drawn(panel)
    assert tuple(picture[150, 1, :3]) == theme().color("surface").getRgb()[:3]
    assert len(np.unique(picture.view(np.uint32))) > 20
    tile = panel.tiles.tile(0).toRect()
    sample = picture[tile.top() : tile.bottom(), tile.left() : tile.left() + panel.tiles._picture_width]
    assert len(np.unique(np.ascontiguousarray(sample).view(np.uint32))) > 3


def test_pictures_are_made_once_for_a_result_and_not_for_each_paint(panel, monkeypatch):
    made: list[int] = []
    images = drawing.images
    monkeypatch.setattr(drawing, "images", lambda samples, scale: made.append(len(samples)) or images(samples, scale))
    evaluation = OfClasses()
    tell(panel.session, evaluation, "running", step=400)
    content = drawn(panel)
    image = panel.tiles.drawing.image
    for step in (410, 420):
        tell(panel.session, evaluation, "running", step=step)
        assert np.array_equal(drawn(panel), content)
    assert made == [24]
    assert panel.tiles.drawing.image is image


def test_while_a_run_goes_on_predictions_stay_long_enough_to_be_read(panel, qtbot):
    tell(panel.session, OfClasses(), "running", step=400)
    before = numbers_shown(panel)
    newer = OfClasses(wrong=7)
    tell(panel.session, newer, "running", step=410)
    assert numbers_shown(panel) == before
    qtbot.waitUntil(lambda: numbers_shown(panel) != before, timeout=10 * READ_MS)
    assert panel.subtitle.startswith(f"{(newer.found != newer.labels).sum()} of 400 wrong")
    tell(panel.session, OfClasses(), "running", step=420)
    assert numbers_shown(panel) != before
    tell(panel.session, OfClasses(), "paused", step=430)
    assert numbers_shown(panel) == before
