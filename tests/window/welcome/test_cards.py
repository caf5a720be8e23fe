"""The cards: what they say, how they stand, and the keys."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.core.datasets import DATASETS
from playground.core.layer import Layer
from playground.core.messages import DatasetState
from playground.core.project import Project
from playground.disk import presets, projects
from playground.disk.presets import Preset
from playground.window.theme import theme
from playground.window.welcome.cards import CardGrid, facts_line, seconds_text
from playground.window.welcome.diagram import draw_network

LENET = Preset("lenet", "LeNet", "Filters", projects.load("preset:lenet-cifar10"), 12, 81194, 49.6)
HERE = DatasetState("cifar10", True, "there")
GONE = DatasetState("cifar10", False, "", 0)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "about 1 s"), (4.4, "about 4 s"), (48, "about 50 s"), (92, "about 90 s"), (100, "about 2 min"),
     (290, "about 5 min")],
)  # fmt: skip
def test_times_are_rounded_to_what_one_can_promise(seconds, said):
    assert seconds_text(seconds) == said


def test_the_facts_are_layers_parameters_and_time_or_what_is_to_be_downloaded():
    assert facts_line(LENET, None) == "12 layers · 81,194 parameters · about 50 s"
    assert facts_line(LENET, HERE) == facts_line(LENET, None)
    size = f"{round(DATASETS['cifar10'].bytes / 1e6)} MB to download"
    assert facts_line(LENET, GONE) == f"12 layers · 81,194 parameters · {size}"
    told = msgspec.structs.replace(GONE, bytes=3_200_000)
    assert facts_line(LENET, told).endswith("· 3 MB to download")
    assert facts_line(Preset("new", "New", "", Project(), 1), None) == "1 layer"


@pytest.fixture
def grid(session, qtbot) -> CardGrid:
    made = CardGrid(presets.read())
    qtbot.addWidget(made)
    made.resize(1000, 2000)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def places(grid: CardGrid) -> list[tuple[int, int]]:
    return [card.pos().toTuple() for card in grid.cards]


@pytest.mark.parametrize(("width", "columns"), [(1000, 3), (700, 2), (300, 1)])
def test_the_cards_share_the_width_in_as_many_columns_as_fit(grid, width, columns):
    grid.resize(width, 2000)
    assert len({x for x, _y in places(grid)}) == columns == grid.columns()
    assert len({card.size().toTuple() for card in grid.cards}) == 1
    right = max(card.geometry().right() for card in grid.cards)
    assert width - columns <= right < width
    bottom = max(card.geometry().bottom() for card in grid.cards)
    assert grid.heightForWidth(width) == bottom + 1


def test_arrows_home_and_end_go_from_card_to_card(grid):
    card = grid.cards
    card[0].setFocus()
    for key, to in (
        (Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 4), (Qt.Key.Key_Left, 3), (Qt.Key.Key_Up, 0), (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_End, len(card) - 1), (Qt.Key.Key_Down, len(card) - 1), (Qt.Key.Key_Home, 0),
    ):  # fmt: skip
        QTest.keyClick(QApplication.focusWidget(), key)
        assert card[to].hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_choose_a_card(grid, qtbot, key):
    grid.cards[2].setFocus()
    with qtbot.waitSignal(grid.chosen) as chosen:
        QTest.keyClick(grid.cards[2], key)
    assert chosen.args == [grid.cards[2].preset]


def test_a_screen_reader_hears_title_sentence_and_facts(grid):
    for card in grid.cards:
        assert card.accessibleName() == f"{card.preset.title}, {card.preset.summary}, {card.facts}"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_card_without_a_picture_draws_its_layers_and_one_with_a_picture_shows_it(grid, name):
    theme().set(name)
    card = grid.cards[-1]
    drawn = card.grab().toImage()
    middle = card.rect().center().x()
    assert {drawn.pixelColor(x, 74).name() for x in range(middle - 120, middle + 120)} > {
        theme().color("window").name()
    }
    red = QImage(8, 8, QImage.Format.Format_RGB32)
    red.fill(Qt.GlobalColor.red)
    card.show_picture(red)
    assert card.grab().toImage().pixelColor(middle, 74).name() == "#ff0000"
    theme().set("light")


@pytest.mark.parametrize(
    "network",
    [
        (),
        (Layer("Mystery"),),
        (Layer("Residual", {}, (Layer("Conv2d", {"out_channels": -3}), Layer("Parallel"))),),
        (Layer("Parallel", {}, (Layer("Sequential"), Layer("Parallel", {}, (Layer("Linear"), Layer("ReLU"))))),),
        tuple(Layer("Conv2d") for _ in range(200)),
    ],
)
def test_any_network_is_drawn_inside_its_room(session, network):
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    draw_network(painter, QRectF(20, 20, 160, 60), network)
    painter.end()
    white = image.copy()
    white.fill(Qt.GlobalColor.white)
    for x, y, wide, high in ((0, 0, 200, 19), (0, 81, 200, 19), (0, 0, 19, 100), (181, 0, 19, 100)):
        assert image.copy(x, y, wide, high) == white.copy(x, y, wide, high)
