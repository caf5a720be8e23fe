"""The slider is in powers of ten, and the mark stands where descent begins to run away."""

import pytest
from PySide6.QtCore import Qt

from playground.window.lab.rate_slider import RateSlider


@pytest.fixture
def slider(session, qtbot) -> RateSlider:
    made = RateSlider()
    qtbot.addWidget(made)
    made.resize(300, made.sizeHint().height())
    made.show()
    return made


def test_every_power_of_ten_is_as_far(slider):
    found = []
    slider.chosen.connect(found.append)
    for place in (100, 200, 300, 400):
        slider.slider.setValue(place)
    assert found == [0.01, 0.1, 1.0, 10.0]


def test_a_rate_is_shown_without_being_chosen(slider):
    found = []
    slider.chosen.connect(found.append)
    slider.show_rate(0.1)
    assert slider.slider.value() == 200
    assert found == []


def test_the_mark_stands_at_the_limit(slider):
    assert slider.mark is None
    slider.show_limit(1.0)
    assert slider.mark == pytest.approx(slider.slider.x() + 6 + 0.75 * (slider.slider.width() - 12))
    assert "Above 1" in slider.slider.accessibleDescription()
    slider.show_limit(50.0)
    assert slider.mark is None  # not on the slider


def test_an_arrow_key_goes_a_tenth_of_a_power_of_ten(slider, qtbot):
    found = []
    slider.chosen.connect(found.append)
    slider.show_rate(0.1)
    for _press in range(5):
        qtbot.keyClick(slider.slider, Qt.Key.Key_Right)
    assert found == pytest.approx([0.1 * 10 ** (press / 10) for press in range(1, 6)], rel=0.05)


def test_the_ring_of_the_keyboard_leaves_the_numbers_alone(slider):
    """The ring stands 4 px outside of the slider."""
    picture = slider.grab().toImage()
    ring = range(slider.slider.geometry().bottom() + 1, slider.slider.geometry().bottom() + 5)
    ground = picture.pixel(2, ring[0])
    scale = picture.devicePixelRatio()
    assert all(picture.pixel(x, round(y * scale)) == ground for y in ring for x in range(picture.width()))
