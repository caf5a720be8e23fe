"""The field for a position in a list."""

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtTest import QTest

from playground.window.positions import PositionField


@pytest.fixture(params=["C", "English", "German", "Hindi"])
def field(request, qtbot):
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language[request.param]))
    made = PositionField("0")
    qtbot.addWidget(made)
    yield made
    QLocale.setDefault(before)


@pytest.mark.parametrize("typed", ["12,605", "12.605", "12 605", "-12605", "1a2605"])
def test_only_digits_come_in(field, typed):
    field.clear()
    QTest.keyClicks(field, typed)
    assert field.text() == "12605"
    assert field.position == 12_605


def test_an_empty_field_is_the_first_place(field):
    field.clear()
    assert field.position == 0
