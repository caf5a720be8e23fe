"""The sheet in which each class gets a number, by mouse and by keyboard. The workbench is made by hand."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from playground.core.datasets import DATASETS
from playground.core.edit import SetRecipe
from playground.core.messages import Surveyed
from playground.core.problem import Fault
from playground.window.class_weights import CLASS, SAMPLES, WEIGHT, WeightsSheet
from playground.window.recipe_form import RecipePage
from tests.window.data.answers import Bench
from tests.window.frame import session  # noqa: F401

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
Key = Qt.Key
COUNTS = (7, 1, *([4] * 8))


class Counting(Bench):
    """Knows how many training samples each class has."""

    def survey(self, id: int) -> Surveyed:
        found = super().survey(id)
        return Surveyed(
            **{name: getattr(found, name) for name in found.__struct_fields__} | {"classes": {"train": COUNTS}}
        )


@pytest.fixture
def page(session, qtbot) -> RecipePage:  # noqa: F811
    made = RecipePage(session)
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def bench(session) -> Counting:  # noqa: F811
    return Counting(session, DATASETS["digits"])


@pytest.fixture
def opened(page, qtbot):
    """Opens the sheet, as by a click on the field, and waits until it has the keyboard. name: of the field"""

    def do(name: str = "weight") -> WeightsSheet:
        page.loss_settings.fields[name].editor.click()
        sheet = next(one for one in page.findChildren(WeightsSheet) if one.isVisible())
        sheet.activateWindow()
        qtbot.waitUntil(sheet.table.hasFocus)
        return sheet

    return do


def keys(*typed) -> None:
    """Each a key or a text, for whoever has the keyboard."""
    for one in typed:
        for key in one if isinstance(one, str) else (one,):
            QTest.keyClick(QApplication.focusWidget(), key)  # the first letter opens a line, which gets the others


def options(page: RecipePage) -> dict:
    return page._session.document.project.recipe.loss_options


def column(sheet: WeightsSheet, number: int) -> list[str]:
    return [sheet.model.index(row, number).data() for row in range(sheet.model.rowCount())]


def test_each_class_has_its_name_its_samples_and_1(page, bench, opened):
    sheet = opened()
    assert column(sheet, CLASS) == list("0123456789")
    assert column(sheet, SAMPLES) == ["7", "1", *["4"] * 8]
    assert column(sheet, WEIGHT) == ["1"] * 10
    sheet.reject()
    assert options(page) == {}


def test_numbers_are_typed_one_below_the_other_and_used_as_one_step(page, bench, opened, session):  # noqa: F811
    sheet = opened()
    assert sheet.table.hasFocus()
    keys("2", Key.Key_Return, "0,5", Key.Key_Down, Key.Key_Down, "3", Key.Key_Tab)
    assert column(sheet, WEIGHT) == ["2", "0.5", "1", "3", *["1"] * 6]
    while not sheet.use.hasFocus():
        keys(Key.Key_Tab)
    keys(Key.Key_Space)
    assert options(page) == {"weight": [2, 0.5, 1, 3, 1, 1, 1, 1, 1, 1]}
    assert page.loss_settings.fields["weight"].pinned
    session.document.undo_stack.undo()
    assert options(page) == {}


def test_every_button_is_reached_by_tab_and_esc_changes_nothing(page, bench, opened):
    sheet = opened()
    met = set()
    for _press in range(8):
        keys(Key.Key_Tab)
        met.add(QApplication.focusWidget())
    assert {sheet.balanced, sheet.none, sheet.cancel, sheet.use, sheet.table} <= met
    sheet.table.setFocus()
    keys("5", Key.Key_Return, Key.Key_Escape)
    assert options(page) == {}
    assert not sheet.isVisible()


def test_control_and_enter_use_them(page, bench, opened):
    sheet = opened()
    keys("5", Key.Key_Return)
    QTest.keyClick(sheet.table, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert options(page) == {"weight": [5, *[1] * 9]}


def test_enter_opens_a_number_and_escape_leaves_it_as_it_was(page, bench, opened):
    sheet = opened()
    keys(Key.Key_Return)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    keys("77", Key.Key_Escape)
    assert sheet.isVisible()
    assert column(sheet, WEIGHT) == ["1"] * 10
    sheet.reject()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-1", "1: weight is −1, but must be at least 0"),
        ("much", "1: much is not a number"),
        ("2e6", "at most 1000000"),
    ],
)
def test_what_is_no_weight_stays_as_it_was_typed_and_is_not_used(page, bench, opened, typed, said):
    sheet = opened()
    keys(Key.Key_Down, typed, Key.Key_Return)
    assert column(sheet, WEIGHT)[1] == typed
    assert said in sheet.trouble.text()
    sheet.use.click()
    assert sheet.isVisible()
    assert options(page) == {}
    keys(Key.Key_Up, "2", Key.Key_Return)
    assert not sheet.trouble.text()
    sheet.use.click()
    assert options(page)["weight"][:2] == [1, 2]


def test_a_number_that_is_still_open_counts_when_the_button_is_pressed(page, bench, opened):
    sheet = opened()
    keys("4")
    QTest.mouseClick(sheet.use, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert options(page)["weight"][0] == 4


def test_all_zero_is_refused(page, bench, opened):
    sheet = opened()
    sheet.model.show_weights([0] * 10)
    sheet.use.click()
    assert "0 for every class" in sheet.trouble.text()
    assert sheet.isVisible()
    sheet.reject()


def test_balanced_fills_them_in_by_frequency_and_none_takes_them_away(page, bench, opened):
    sheet = opened()
    sheet.balanced.click()
    sheet.use.click()
    found = options(page)["weight"]
    assert found == pytest.approx([40 / (10 * count) for count in COUNTS], rel=1e-5)
    sheet = opened()
    assert sheet.model.weights == found
    sheet.none.click()
    assert options(page) == {}


def test_a_yes_is_balanced_in_its_own_way(page, bench, opened, session):  # noqa: F811
    session.document.apply(SetRecipe({"loss": "BCEWithLogits"}))
    sheet = opened("pos_weight")
    sheet.balanced.click()
    sheet.use.click()
    assert options(page)["pos_weight"] == pytest.approx([(40 - count) / count for count in COUNTS], rel=1e-5)


def test_they_take_the_place_of_balancing(page, bench, opened, session):  # noqa: F811
    session.document.apply(SetRecipe({"loss_options": {"balance": True, "label_smoothing": 0.1}}))
    sheet = opened()
    sheet.use.click()
    assert options(page) == {"label_smoothing": 0.1, "weight": [1] * 10}


def test_weights_of_other_classes_begin_anew(page, bench, opened, session):  # noqa: F811
    session.document.apply(SetRecipe({"loss_options": {"weight": [3, 4]}}))
    sheet = opened()
    assert sheet.model.weights == [1] * 10
    sheet.reject()


def test_without_the_counts_nothing_is_balanced_and_the_button_says_why(page, bench, opened):
    bench.fault = Fault(where="Digits", what="its files are gone", fix="Bring them back")
    sheet = opened()
    assert not sheet.balanced.isEnabled()
    assert "its files are gone" in sheet.balanced.toolTip()
    assert column(sheet, SAMPLES) == ["–"] * 10
    sheet.reject()


def test_the_pin_of_the_field_opens_it_too_and_takes_the_weights_away(page, bench, session):  # noqa: F811
    field = page.loss_settings.fields["weight"]
    assert "give each a number" in field.toggle.toolTip()
    field.toggle.click()
    page.findChild(WeightsSheet).use.click()
    assert options(page) == {"weight": [1] * 10}
    assert field.editor.words_of(field.value) == "1, 1, 1, 1, 1, 1, 1, 1, 1, 1"
    field.toggle.click()
    assert options(page) == {}
