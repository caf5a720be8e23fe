"""A widget that paints again only what has changed: what is seen then is what it would paint as a whole."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QWidget

from playground.core.messages import Picture, Watch
from playground.window.canvas.answer_bars import AnswerBars
from playground.window.panels._maps_view import MapsView, Section
from playground.window.panels._prediction_strip import PredictionStrip
from tests.window.frame import array
from tests.window.painted import Painted
from tests.window.panels.feed import settle

NAMES = tuple(map(str, range(10)))
FIRST = np.array([0.1, 0.3, 0.05, 0.2, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05], np.float32)
LIKE_IT = np.array(
    [0.05, 0.35, 0.1, 0.15, 0.1, 0.05, 0.05, 0.1, 0.0, 0.05], np.float32
)  # the same class is the likeliest
OTHER = FIRST[::-1].copy()


def bars(shares: np.ndarray, widget: AnswerBars | None = None) -> QWidget:
    widget = widget or AnswerBars()
    widget.show_shares(NAMES, shares)
    return widget


def strip(shares: np.ndarray, widget: PredictionStrip | None = None) -> QWidget:
    widget = widget or PredictionStrip()
    widget.show_prediction(Picture(Watch("prediction"), 1, {"probabilities": array(shares)}, {"label": 2}), "digits")
    return widget


SECTIONS = [
    Section("Conv2d", np.random.default_rng(1).random((6, 8, 8))),
    Section("Linear", np.random.default_rng(2).random(40)),
]


def maps(shares: np.ndarray, widget: MapsView | None = None) -> QWidget:
    """Of the same layers, while the sample is another: its pixels are the shares."""
    widget = widget or MapsView()
    widget.show_maps(shares.reshape(1, -1, 5) if shares.size else None, SECTIONS, True, "")
    return widget


@pytest.mark.parametrize("show", [bars, strip, maps])
@pytest.mark.parametrize("after", [LIKE_IT, OTHER, np.empty(0, np.float32)], ids=["like it", "other", "none"])
def test_what_is_painted_again_makes_the_whole(show, after, qtbot):
    shown = show(FIRST)
    qtbot.addWidget(shown)
    shown.resize(420, 300)
    shown.show()
    settle()
    seen, painted = QImage(shown.size(), QImage.Format.Format_RGB32), Painted(shown)
    shown.render(seen)
    painted.region = QRegion()
    show(after, shown)
    settle()
    again = QRegion(painted.region)
    shown.render(seen, again.boundingRect().topLeft(), again)
    whole = QImage(shown.size(), QImage.Format.Format_RGB32)
    shown.render(whole)
    assert seen == whole
    assert not again.isEmpty()


@pytest.mark.parametrize("show", [bars, strip])
def test_names_stay_while_the_same_class_is_the_likeliest(show, qtbot):
    shown = show(FIRST)
    qtbot.addWidget(shown)
    shown.resize(420, 300)
    shown.show()
    settle()
    painted = Painted(shown)
    name = QPoint(4, shown.line_rect(3).center().y()) if show is bars else QPoint(60, 34)
    show(LIKE_IT, shown)
    settle()
    assert not painted.region.contains(name)
    show(OTHER, shown)
    settle()
    # the strip has the names of all in one row; of the bars, those of the two that change places
    assert painted.region.contains(name if show is strip else QPoint(4, shown.line_rect(1).center().y()))


def test_maps_stay_while_only_the_sample_changes(qtbot):
    shown = maps(FIRST)
    qtbot.addWidget(shown)
    shown.resize(420, 300)
    shown.show()
    settle()
    painted, image = Painted(shown), shown._placed[0].image
    maps(OTHER, shown)
    settle()
    assert painted.region.boundingRect().right() < shown._placed[0].left
    assert painted.region.boundingRect().bottom() < shown._placed[1].top
    shown.show_maps(FIRST.reshape(1, 2, 5), [Section("Conv2d", 2 * SECTIONS[0].maps), SECTIONS[1]], False, "")
    settle()
    assert painted.region.boundingRect().contains(shown.rect())
    assert shown._placed[0].image != image
