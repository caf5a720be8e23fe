"""The theme, and the promise of readable colours, computed from the file."""

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

import playground.window
from playground.disk import resources
from playground.window.theme import Theme, theme

TOKENS = json.loads(resources.path("theme", "tokens.json").read_text(encoding="utf-8"))
SURFACES = ("window", "surface", "sunken", "hover", "accent_tint", "error_tint", "warning_tint")
CODE = ("code_keyword", "code_name", "code_string", "code_number", "code_comment", "text")
PAIRS = [
    *itertools.product(("text", "text_secondary", "text_quiet"), SURFACES),
    ("on_accent", "accent"),
    *itertools.product(("accent",), ("window", "surface", "accent_tint")),
    *itertools.product(("error",), ("window", "surface", "error_tint")),
    *itertools.product(("warning",), ("window", "surface", "warning_tint")),
    *itertools.product(("healthy",), ("surface", "healthy_band")),
    *itertools.product(CODE, ("surface", "accent_tint", "code_changed")),
    ("text", "accent_line"),  # text that is selected
]


def luminance(color: str) -> float:
    """Relative luminance of "#RRGGBB". source: WCAG 2.2, "relative luminance" """
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), PAIRS)
def test_every_text_colour_is_readable_on_what_it_stands_on(name, text, surface):
    colors = TOKENS["colors"][name]
    assert contrast(colors[text], colors[surface]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_line_of_the_slopes_plot_can_be_told_from_the_surface(name):
    colors = TOKENS["colors"][name]
    assert all(contrast(line, colors["surface"]) >= 3 for line in colors["layer_lines"])


def test_a_theme_that_is_set_gives_its_colours_and_says_so(qapp, qtbot):
    one = Theme()
    one.set("light")
    with qtbot.waitSignal(one.changed, timeout=1_000):
        one.set("dark")
    assert one.color("surface").name().upper() == TOKENS["colors"]["dark"]["surface"]
    assert [line.name().upper() for line in one.layer_lines()] == TOKENS["colors"]["dark"]["layer_lines"]


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
def test_a_theme_dresses_a_widget_no_more_often_the_deeper_it_lies(session, qapp, qtbot):
    class Counted(QWidget):
        dressed = 0

        def changeEvent(self, event: QEvent) -> None:
            self.dressed += event.type() == QEvent.Type.StyleChange

    top = parent = QWidget()
    qtbot.addWidget(top)
    for _depth in range(12):
        parent = QWidget(parent)
    deepest = Counted(parent)
    top.show()
    deepest.dressed = 0
    theme().set("dark")
    assert 1 <= deepest.dressed <= 2


def test_viridis_is_viridis():
    known = pyqtgraph.colormap.get("viridis").getLookupTable(nPts=256)[:, :3].astype(int)
    assert np.abs(theme().lut("viridis").astype(int) - known).max() <= 4


@pytest.mark.parametrize("name", ["light", "dark"])
def test_zero_lies_in_the_middle_of_the_diverging_map(qapp, name):
    one = Theme()
    one.set(name)
    middle = [int(TOKENS["colormaps"][f"diverging_{name}"]["stops"][2][place : place + 2], 16) for place in (1, 3, 5)]
    table = one.lut("diverging").astype(int)
    assert table.shape == (256, 3)
    assert np.abs(table[127:129] - middle).max() <= 2


def test_figures_are_tabular(qapp):
    metrics = QFontMetrics(theme().font())
    assert len({metrics.horizontalAdvance(figure * 10) for figure in "0123456789"}) == 1


def test_text_grows_with_its_rows(qapp):
    one = Theme()
    one.set_text_scale(1.5)
    assert one.font().pixelSize() == round(13 * 1.5)
    assert one.size("row") == 42
    assert one.size("palette") == 200


def test_both_themes_fill_the_whole_style_sheet(qapp):
    one = Theme()
    for name in ("light", "dark"):
        one.set(name)
        assert "$" not in one._style_sheet()


def test_no_other_file_of_the_window_names_a_colour():
    folder = Path(playground.window.__file__).parent
    literal = re.compile(r"""["']#[0-9A-Fa-f]{3,8}["']|GlobalColor\.(?!transparent)""")
    found = {str(file) for file in folder.rglob("*.py") if literal.search(file.read_text(encoding="utf-8"))}
    assert not found


def test_the_first_window_of_a_process_is_in_the_font_of_the_theme():
    """In a process of its own: here, an application that is dressed already."""
    program = """
from PySide6.QtWidgets import QApplication, QPushButton
app = QApplication([])
from playground.session.session import Session
from playground.window.main_window import MainWindow
session = Session()
window = MainWindow(session)
print(sorted({button.fontInfo().family() for button in window.findChildren(QPushButton)}))
session.close()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "['Inter']"
