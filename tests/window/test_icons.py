"""Icons: every one that is asked for is there, in the colour of the theme."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from playground.core.layers import LAYERS
from playground.disk import resources
from playground.window import icons
from playground.window.theme import theme


def colors_of(pixmap) -> set[str]:
    image = pixmap.toImage()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return {color.name() for x, y in places if (color := image.pixelColor(x, y)).alpha() == 255}


@pytest.mark.parametrize("spec", LAYERS.values(), ids=lambda spec: spec.name)
def test_every_layer_has_its_icon(spec):
    assert resources.path("icons", f"{spec.icon}.svg").is_file()


def test_an_icon_is_drawn_in_the_colour_asked_for(qapp):
    assert colors_of(icons.pixmap("stop", 40, QColor(200, 10, 30), 2.0)) == {"#c80a1e"}


def test_a_missing_icon_is_drawn_as_unknown(qapp):
    asked, unknown = (icons.pixmap(name, 20, "text") for name in ("no such icon", "unknown"))
    assert asked.toImage() == unknown.toImage()


def test_an_icon_follows_the_theme(qapp):
    made = icons.icon("stop", "text")
    shown = {}
    for name in ("light", "dark"):
        theme().set(name)
        shown[name] = colors_of(made.pixmap(QSize(32, 32)))
        assert theme().color("text").name() in shown[name]
    theme().set("light")
    assert shown["light"] != shown["dark"]
