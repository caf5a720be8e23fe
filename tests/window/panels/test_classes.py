"""The panel that says how good the network is. Evaluations are made by hand; sklearn says what must stand there."""

import csv
import io

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from sklearn import metrics

from playground.core import messages as words
from playground.core.messages import Picture, RunFacts
from playground.window.panels.classes import ClassesPanel
from playground.window.theme import theme
from tests.window.panels.feed import make_misfit, pixels, settle
from tests.window.panels.results import OfClasses, OfNumbers, drawn, tell, untested

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

HELD_BACK = RunFacts("cpu", 1, "contiguous", 800, 400, 13, 10, 100)
FASHION = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


@pytest.fixture
def panel(session, qtbot) -> ClassesPanel:
    made = ClassesPanel(session)
    qtbot.addWidget(made)
    made.resize(960, 420)
    made.show()
    settle()
    return made


def told(panel: ClassesPanel) -> dict[str, str]:
    """Name -> value of the large figures."""
    return {one.name: f"{one.value} {one.more}".strip() for one in panel.view.figures._figures}


def click(panel: ClassesPanel, row: int, column: int) -> None:
    matrix = panel.view.classes.matrix
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.place_of((row, column)).center().toPoint())
    settle()


# Before there is a result ---------------------------------------------------------------------------------------------


def test_before_the_first_test_it_says_when_there_will_be_one(panel):
    assert panel.view.message.isVisible()
    assert "end of each epoch" in panel.view.message.text()
    tell(panel.session, untested)
    assert panel.view.message.text() == "Evaluation: the network has not been tested yet. Press Test now."
    assert not panel.view.figures.isVisible()
    assert not panel.save_button.isEnabled()


def test_without_a_run_there_is_nothing_to_test(panel):
    assert not panel.test_button.isEnabled()
    assert "train first" in panel.test_button.toolTip()


# Classes --------------------------------------------------------------------------------------------------------------


def test_the_figures_are_those_of_sklearn(panel):
    evaluation = OfClasses()
    tell(panel.session, evaluation)
    labels, found = evaluation.labels, evaluation.found
    accuracy = metrics.accuracy_score(labels, found)
    recall = metrics.recall_score(labels, found, average=None)
    precision = metrics.precision_score(labels, found, average=None)
    weakest = int(recall.argmin())
    assert told(panel) == {
        "Test accuracy": f"{accuracy:.3f}",
        "Test loss": "0.125",
        "Top-5 accuracy": "0.995",
        "Correct": f"{int(accuracy * 400 + 0.5)} of 400",
        "Weakest class": f"{weakest} {recall[weakest]:.3f}",
    }
    figures = panel.view.classes.bars.figures
    assert [one.recall for one in figures] == pytest.approx(recall)
    assert [one.precision for one in figures] == pytest.approx(precision)
    assert panel.view.figures._note == "after 2 epochs, at step 338"
    assert panel.view.classes.bars.guess_text == "guess 10 %"


def test_cells_show_counts_or_shares_of_their_row(panel):
    evaluation = OfClasses()
    tell(panel.session, evaluation)
    matrix, counts = panel.view.classes.matrix, metrics.confusion_matrix(evaluation.labels, evaluation.found)
    shown = [[matrix.text_of((row, column)) for column in range(10)] for row in range(10)]
    assert shown == [[str(count) if count else "" for count in line] for line in counts.tolist()]
    QTest.mouseClick(panel.view.classes.figures.button("rates"), Qt.MouseButton.LeftButton)
    percent = 100 * metrics.confusion_matrix(evaluation.labels, evaluation.found, normalize="true")
    for cell in ((0, 0), (4, 5), (9, 0)):
        assert float(matrix.text_of(cell) or 0) == pytest.approx(percent[cell], abs=0.5)
    row = evaluation.labels == 4
    assert counts[4, 5] > 0
    assert matrix.words_of((4, 5)) == (
        f"true 4, predicted 5: {counts[4, 5]} of {row.sum()} ({100 * counts[4, 5] / row.sum():.1f} %)"
    )


def test_only_mistakes_are_coloured_and_more_of_them_more(panel):
    evaluation = OfClasses(wrong=0)
    evaluation.probabilities[evaluation.labels == 3] = np.eye(10, dtype="f4")[5]
    evaluation.probabilities[20] = np.eye(10, dtype="f4")[1]  # one 0 taken for a 1
    tell(panel.session, evaluation)
    drawn(panel)
    matrix = panel.view.classes.matrix
    picture = pixels(matrix)

    def color(row: int, column: int) -> tuple[int, ...]:
        corner = matrix.place_of((row, column)).topLeft().toPoint()
        return tuple(int(one) for one in picture[corner.y() + 3, corner.x() + 3, :3])

    quiet = {theme().color("sunken").getRgb()[:3], theme().color("hover").getRgb()[:3]}
    assert {color(0, 0), color(7, 7), color(7, 2), color(3, 3)} <= quiet
    many, one = np.array(color(3, 5)), np.array(color(0, 1))
    ground = np.array(theme().color("surface").getRgb()[:3])
    assert np.abs(many - ground).sum() > np.abs(one - ground).sum() > 100


def test_a_click_on_a_cell_looks_at_its_samples_and_another_at_the_mistakes_again(panel):
    evaluation = OfClasses()
    tell(panel.session, evaluation)
    click(panel, 4, 5)
    evaluating = panel.session.evaluating
    assert (evaluating.which, evaluating.cell) == ("cell", (4, 5))
    assert panel.view.classes.matrix._chosen == (4, 5)
    (watch,) = panel.session.training._pictures.watches()
    assert watch.options == {"part": "test", "which": "cell", "cell": [4, 5], "first": 0}
    click(panel, 4, 5)
    assert evaluating.which == "mistakes"
    assert panel.view.classes.matrix._chosen is None


def test_arrows_move_over_the_cells_and_enter_chooses(panel):
    tell(panel.session, OfClasses())
    matrix = panel.view.classes.matrix
    for key in ("Down", "Right", "Right", "Up", "Up", "Left"):
        QTest.keyClick(matrix, getattr(Qt.Key, f"Key_{key}"))
    assert matrix.current == (0, 1)
    assert "true 0, predicted 1" in matrix.accessibleName()
    QTest.keyClick(matrix, Qt.Key.Key_Return)
    assert panel.session.evaluating.cell == (0, 1)


def test_the_worst_classes_come_first_when_asked(panel):
    evaluation = OfClasses()
    evaluation.probabilities[evaluation.labels == 7] = np.eye(10, dtype="f4")[1]
    tell(panel.session, evaluation)
    bars = panel.view.classes.bars
    assert [one.name for one in bars.figures] == list("0123456789")
    panel.view.classes.worst_first.click()
    assert bars.figures[0].name == "7"
    recalls = [one.recall for one in bars.figures]
    assert recalls == sorted(recalls)


def test_the_controls_grow_with_the_text(panel):
    tell(panel.session, OfClasses())
    button = panel.view.classes.worst_first
    before = button.size()
    theme().set_text_scale(1.5)
    settle()
    assert button.width() >= 1.4 * (before.width() - 20) + 20
    assert button.height() == 1.5 * before.height()


def test_a_class_without_samples_has_a_dash(panel):
    evaluation = OfClasses(samples=9)
    tell(panel.session, evaluation)
    nine = panel.view.classes.bars.figures[-1]
    assert (nine.recall, nine.samples) == (None, 0)
    assert "recall –" in panel.view.classes.bars.accessibleName() or "9 –" in panel.view.classes.bars.accessibleName()


@pytest.mark.parametrize("size", [(960, 420), (620, 280)])
@pytest.mark.parametrize("classes", [FASHION, tuple(f"class {n}" for n in range(100))], ids=["10 names", "100 names"])
def test_a_cell_lies_where_it_is_found_whatever_the_names_and_the_size(panel, classes, size):
    panel.resize(*size)
    tell(panel.session, OfClasses(classes, samples=2_000))
    matrix, last = panel.view.classes.matrix, len(classes) - 1
    for cell in ((0, 0), (3, 4), (last, 0), (0, last), (last, last)):
        place = matrix.place_of(cell)
        assert matrix.cell_at(place.center()) == cell
        assert QPointF(0, 0).x() <= place.left() < place.right() <= matrix.width()
        assert 0 <= place.top() < place.bottom() <= matrix.height()
    assert f"true {classes[3]}, predicted {classes[4]}" in matrix.words_of((3, 4))
    assert matrix.cell_at(QPointF(-1, -1)) is None


def test_two_classes_have_a_roc_curve(panel):
    tell(panel.session, OfClasses(("benign", "malignant")))
    page = panel.view.classes
    assert page.roc.isVisible()
    assert page.auc.toolTip().startswith("area 0.875; “malignant”")
    left, top = page.roc.places()
    room = page.roc.room
    assert (left[2], top[2]) == pytest.approx((room.center().x(), room.top()))
    assert page.bars.guess_text == "guess 50 %"
    tell(panel.session, OfClasses())
    assert not page.roc.isVisible()


def test_the_same_result_is_not_drawn_again(panel):
    evaluation = OfClasses()
    tell(panel.session, evaluation, "running", step=400)
    drawn(panel)
    image = panel.view.classes.matrix.drawing.image
    tell(panel.session, evaluation, "running", step=420)
    drawn(panel)
    assert panel.view.classes.matrix.drawing.image is image
    evaluation.loss = 0.5
    tell(panel.session, evaluation, "running", step=440)
    drawn(panel)
    assert panel.view.classes.matrix.drawing.image is not image


def test_where_only_the_loss_is_known_the_rest_says_why(panel):
    def answer(watch):
        return Picture(watch, 5, {}, {"part": "test", "samples": 9, "epoch": 1, "step": 5, "loss": 0.25})

    tell(panel.session, answer)
    assert told(panel) == {"Test loss": "0.250"}
    assert "too many to keep" in panel.view.message.text()
    assert not panel.save_button.isEnabled()


def test_the_validation_part_is_offered_where_there_is_one(panel):
    tell(panel.session, OfClasses())
    assert panel.parts.isHidden()
    tell(panel.session, OfClasses(), facts=HELD_BACK)
    assert not panel.parts.isHidden()
    panel.parts.button("validation").click()
    tell(panel.session, OfClasses(), facts=HELD_BACK)
    assert "Validation accuracy" in told(panel)


def test_after_an_edit_that_does_not_fit_the_result_stays_and_says_so(panel):
    tell(panel.session, OfClasses())
    make_misfit(panel.session)
    assert panel.view.age.isVisible()
    assert panel.view.age.text() == "from step 338, before the edit"
    assert "Test accuracy" in told(panel)


# Numbers --------------------------------------------------------------------------------------------------------------


def test_numbers_are_drawn_against_the_true_ones(panel):
    evaluation = OfNumbers()
    tell(panel.session, evaluation)
    true, predicted = evaluation.true, evaluation.predicted
    assert told(panel) == {
        "R²": f"{metrics.r2_score(true, predicted):.3f}",
        "RMSE": f"{metrics.root_mean_squared_error(true, predicted):.3f}",
        "MAE": f"{metrics.mean_absolute_error(true, predicted):.3f}",
        "Test loss": "4.000",
    }
    plot = panel.view.numbers.pairs
    assert plot.isVisible()
    left, top = plot.places()
    room, (low, high) = plot.room, plot._span
    assert left == pytest.approx(room.left() + (true - low) / (high - low) * room.width(), abs=0.01)
    assert top == pytest.approx(room.bottom() - (predicted - low) / (high - low) * room.height(), abs=0.01)
    at = plot.point_at(QPointF(left[5], top[5]))
    assert (left[at], top[at]) == pytest.approx((left[5], top[5]))
    residuals = panel.view.numbers.residuals
    assert residuals._histogram.counts == tuple(np.histogram(true - predicted, bins=40)[0])


def test_predictions_that_are_no_numbers_are_left_out(panel):
    evaluation = OfNumbers()
    evaluation.predicted[3] = np.nan
    evaluation.__class__ = type("Diverged", (OfNumbers,), {"__call__": diverged})
    tell(panel.session, evaluation)
    assert len(panel.view.numbers.pairs._xs) == 59
    drawn(panel)


def diverged(self, watch):
    whole = OfNumbers()(watch)
    from tests.window.panels.results import as_array

    return Picture(watch, 50, whole.arrays | {"predicted": as_array(self.predicted.astype("f4"))}, whole.facts)


# Testing and saving ---------------------------------------------------------------------------------------------------


def test_test_now_asks_for_a_test_and_says_when_it_is_done(panel, monkeypatch):
    sent: list = []
    monkeypatch.setattr(panel.session.training._process, "send", sent.append)
    evaluation = OfClasses()
    tell(panel.session, evaluation, step=400)
    panel.test_button.click()
    settle()
    assert words.Evaluate() in sent
    assert not panel.test_button.isEnabled()
    evaluation.step = 400
    tell(panel.session, evaluation, step=400)
    assert panel.test_button.isEnabled()
    assert panel.test_button.text() == "Tested"
    panel.test_button._rest.stop()


def chosen(panel: ClassesPanel, path) -> None:
    """Give the file dialog this answer."""
    dialog = panel.findChild(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_a_table_is_saved_with_the_names_of_the_classes(panel, tmp_path, qtbot):
    evaluation = OfClasses(FASHION)
    tell(panel.session, evaluation)
    panel.save_csv.trigger()
    chosen(panel, tmp_path / "table.csv")
    qtbot.waitUntil((tmp_path / "table.csv").exists, timeout=5_000)
    head, *body = csv.reader(io.StringIO((tmp_path / "table.csv").read_text(encoding="utf-8")))
    assert head[4:] == [f"predicted {name}" for name in FASHION]
    assert [line[0] for line in body] == list(FASHION)
    expected = metrics.confusion_matrix(evaluation.labels, evaluation.found)
    assert np.array_equal(np.array([line[4:] for line in body], int), expected)
    assert [float(line[2]) for line in body] == pytest.approx(
        metrics.recall_score(evaluation.labels, evaluation.found, average=None)
    )


def test_the_figures_of_numbers_are_saved(panel, tmp_path, qtbot):
    evaluation = OfNumbers(samples=3_000)
    tell(panel.session, evaluation)
    panel.save_summary.trigger()
    chosen(panel, tmp_path / "summary.csv")
    qtbot.waitUntil((tmp_path / "summary.csv").exists, timeout=5_000)
    saved = dict(csv.reader(io.StringIO((tmp_path / "summary.csv").read_text(encoding="utf-8"))))
    assert float(saved["r2"]) == pytest.approx(metrics.r2_score(evaluation.true, evaluation.predicted))
    assert len(panel.view.numbers.pairs._xs) == 2_000  # as many as are quick to draw
    panel.save_csv.trigger()
    chosen(panel, tmp_path / "pairs.csv")
    qtbot.waitUntil((tmp_path / "pairs.csv").exists, timeout=5_000)
    assert len((tmp_path / "pairs.csv").read_text(encoding="utf-8").splitlines()) == 3_001


def test_the_drawing_is_saved_as_a_picture(panel, tmp_path, qtbot):
    tell(panel.session, OfClasses())
    panel.save_png.trigger()
    chosen(panel, tmp_path / "drawn.png")
    qtbot.waitUntil((tmp_path / "drawn.png").exists, timeout=5_000)
    saved = QImage(str(tmp_path / "drawn.png"))
    assert saved.size() == panel.size()
    assert saved.convertToFormat(QImage.Format.Format_RGB32) == panel.grab().toImage().convertToFormat(
        QImage.Format.Format_RGB32
    )


def test_a_place_that_cannot_be_written_to_is_one_sentence(panel, tmp_path, qtbot):
    tell(panel.session, OfClasses())
    panel.save_csv.trigger()
    with qtbot.waitSignal(panel.session.noticed, timeout=5_000) as blocker:
        chosen(panel, tmp_path / "missing" / "table.csv")
    assert "could not be saved" in str(blocker.args[0])


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(
    "evaluation", [OfClasses(FASHION), OfClasses(("no", "yes")), OfNumbers()], ids=["ten", "two", "numbers"]
)
def test_every_result_is_drawn_in_both_themes(panel, evaluation, name):
    tell(panel.session, evaluation)
    theme().set(name)
    settle()
    picture = drawn(panel)
    surface = theme().color("surface").getRgb()[:3]
    assert tuple(picture[picture.shape[0] // 2, 1, :3]) == surface
    assert len(np.unique(picture.view(np.uint32))) > 30
