"""The look, made from `resources/theme/tokens.json`: colours, sizes, fonts and colour maps.

No other file of the window names a colour. Widgets ask `theme()` when they paint and listen to `changed`.
Style sheets know these dynamic properties of buttons: kind = "main" (filled), "quiet" (no frame), "icon" (no frame, an icon alone),
"segment" (one of a row of choices), "tab"; a button without a kind is outlined. Labels: role = "title",
"secondary", "quiet", "small", "tick", "error", "warning". Frames: role = "hairline" (1 px line), "sunken".
"""

import json
import math
from functools import cache
from string import Template
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from playground.disk import resources

NAMES = ("light", "dark")
STYLE = "Fusion"  # Qt's own, which follows palette and style sheet to the letter on every system
MOST_ELIDED = 2_000  # texts whose cut is remembered
# Sizes that must hold a line of text; they grow with it.
_GROWING = ("hit_min", "control", "row", "run_bar", "run_facts", "tabs", "dock_header", "form_row", "field")
_MAPS = {"viridis": "sequential", "ink": "ink"}


class Theme(QObject):
    """The one theme of the program; `theme()` gives it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: dict[str, Any] = json.loads(resources.path("theme", "tokens.json").read_text(encoding="utf-8"))
        self.name = "light"
        self.choice = "system"
        self.text_scale = 1.0
        self._families: tuple[str, str] | None = None
        self._prepared = self._installed = False
        self.is_dressing = False  # between two style sheets: sizes that only the sheet knows are others for a moment
        self._fonts: dict[tuple[str, str, bool, float], QFont] = {}  # painters ask hundreds of times a frame
        self._elided: dict[tuple[str, int, str, str, float], tuple[str, int]] = {}

    def prepare(self, app: QApplication) -> None:
        """Give the application its style, font and colours, but no style sheet yet.

        For a window that is being made: under a style sheet every widget is matched against its rules whenever it
        finds another parent, which costs as much as making the widgets.
        """
        if self._prepared:
            return
        self._prepared = True
        app.setStyle(STYLE)
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self.name = self._resolved()
        app.setFont(self.font())
        app.setPalette(self._palette())

    def install(self, app: QApplication) -> None:
        """Dress the application, now and at every change."""
        self.prepare(app)
        if not self._installed:
            self._installed = True
            app.setStyleSheet(self._style_sheet())

    def set(self, choice: str) -> None:
        """choice: "light", "dark", or "system" to follow the system."""
        self.choice = choice if choice in NAMES else "system"
        self._take(self._resolved())

    def set_text_scale(self, scale: float) -> None:
        """1.0 is the size of the tokens; rows grow with the text."""
        if scale != self.text_scale:
            self.text_scale = scale
            self._take(self.name, force=True)

    def color(self, token: str) -> QColor:
        """A colour of the current theme, by the name of its token."""
        return _color(self.tokens["colors"][self.name][token])

    def size(self, token: str) -> int:
        """A size in px, grown with the text where it holds text."""
        value = self.tokens["size"][token]
        grows = token in _GROWING or token.startswith("row_")
        return math.ceil(value * self.text_scale) if grows else int(value)

    def font(self, size_token: str = "base", weight: str = "regular", mono: bool = False) -> QFont:
        """A font of the tokens with tabular figures."""
        key = (size_token, weight, mono, self.text_scale)
        if key not in self._fonts:
            self._fonts[key] = self._made_font(size_token, weight, mono)
        return QFont(self._fonts[key])

    def _made_font(self, size_token: str, weight: str, mono: bool) -> QFont:
        declared = self.tokens["font"]
        font = QFont()
        family, family_mono = self._loaded_families()
        if mono:
            font.setFamilies([family_mono] if family_mono else ["monospace"])
            font.setStyleHint(QFont.StyleHint.Monospace)
        elif family:
            font.setFamilies([family])
        font.setPixelSize(round(declared["size_px"][size_token] * self.text_scale))
        font.setWeight(QFont.Weight(declared["weight"][weight]))
        for feature in declared["features"]:
            font.setFeature(QFont.Tag(feature), 1)
        return font

    def elided(self, text: str, width: float, size_token: str = "base", weight: str = "regular") -> tuple[str, int]:
        """Text cut off with … where it is wider than so many px, and how wide that is; measured once."""
        key = (text, int(width), size_token, weight, self.text_scale)
        if key not in self._elided:
            if len(self._elided) > MOST_ELIDED:
                self._elided.clear()
            metrics = QFontMetrics(self.font(size_token, weight))
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width))
            self._elided[key] = cut, metrics.horizontalAdvance(cut)
        return self._elided[key]

    def layer_lines(self) -> list[QColor]:
        """The colours of lines that stand for layers, first layer first."""
        return [QColor(one) for one in self.tokens["colors"][self.name]["layer_lines"]]

    def lut(self, name: str) -> np.ndarray:
        """A colour map as a lookup table, (256, 3) uint8. name: "viridis", "ink" or "diverging" (of this theme)."""
        stops = self.tokens["colormaps"][_MAPS.get(name, f"diverging_{self.name}")]["stops"]
        return _table(tuple(stops))

    def _resolved(self) -> str:
        if self.choice in NAMES:
            return self.choice
        hints = QGuiApplication.styleHints() if QGuiApplication.instance() else None
        return "dark" if hints and hints.colorScheme() == Qt.ColorScheme.Dark else "light"

    def _on_system_changed(self) -> None:
        if self.choice == "system":
            self._take(self._resolved())

    def _take(self, name: str, force: bool = False) -> None:
        if name == self.name and not force:
            return
        self.name = name
        app = QApplication.instance()
        if self._prepared and isinstance(app, QApplication):
            self._dress(app)
        self.changed.emit()

    def _dress(self, app: QApplication) -> None:
        if self._installed:
            # Off, then on: Qt gives another style sheet to a widget once for each of its ancestors, a first one once,
            # which is six times as fast.
            self.is_dressing = True
            app.setStyleSheet("")
        app.setFont(self.font())
        app.setPalette(self._palette())
        if self._installed:
            app.setStyleSheet(self._style_sheet())
            self.is_dressing = False

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, token in {
            QPalette.ColorRole.Window: "surface",
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Base: "surface",
            QPalette.ColorRole.AlternateBase: "window",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.Button: "surface",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.Highlight: "accent_tint",
            QPalette.ColorRole.HighlightedText: "text",
            QPalette.ColorRole.PlaceholderText: "text_quiet",
            QPalette.ColorRole.ToolTipBase: "surface",
            QPalette.ColorRole.ToolTipText: "text",
            QPalette.ColorRole.Link: "accent",
            QPalette.ColorRole.Mid: "line_strong",
            QPalette.ColorRole.Light: "line",
        }.items():
            palette.setColor(role, self.color(token))
        quiet = self.color("text_quiet")
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, quiet)
        return palette

    def _style_sheet(self) -> str:
        values: dict[str, Any] = {key: one for key, one in self.tokens["colors"][self.name].items() if key[0] != "_"}
        values |= {f"radius_{key}": one for key, one in self.tokens["radius"].items()}
        values |= {f"size_{key}": self.size(key) for key, one in self.tokens["size"].items() if isinstance(one, int)}
        values |= {f"font_{key}": round(one * self.text_scale) for key, one in self.tokens["font"]["size_px"].items()}
        values |= {f"weight_{key}": one for key, one in self.tokens["font"]["weight"].items()}
        # Inside a border of 1 or 2 px: buttons and fields of 28 and 26 px, tabs of 40 px with their line.
        values |= {f"inner_{one}": math.ceil(one * self.text_scale) for one in (22, 24, 26, 36)}
        values["chevron"] = resources.path("theme", "chevron-down.svg").as_posix()
        values["check"] = resources.path("theme", f"check-{self.name}.svg").as_posix()
        template = Template(resources.path("theme", "window.qss").read_text(encoding="utf-8"))
        return template.substitute(values)

    def _loaded_families(self) -> tuple[str, str]:
        """The families that ship with the program, or empty where the files are missing (the system's font then)."""
        if self._families is None:
            for file in sorted(resources.path("fonts").glob("*.[ot]tf")):
                QFontDatabase.addApplicationFont(str(file))
            known = set(QFontDatabase.families())
            declared = self.tokens["font"]
            self._families = (
                declared["family"] if declared["family"] in known else "",
                declared["family_mono"] if declared["family_mono"] in known else "",
            )
        return self._families


def _color(name: str) -> QColor:
    return QColor(_parsed(name))


@cache
def _parsed(name: str) -> QColor:
    return QColor(name)


@cache
def _table(stops: tuple[str, ...]) -> np.ndarray:
    colors = [QColor(stop) for stop in stops]
    ends = np.array([(one.red(), one.green(), one.blue()) for one in colors], dtype=np.float64)
    places = np.linspace(0, len(stops) - 1, 256)
    columns = [np.interp(places, np.arange(len(stops)), ends[:, channel]) for channel in range(3)]
    table = np.stack(columns, axis=1).round().astype(np.uint8)
    table.setflags(write=False)
    return table


@cache
def theme() -> Theme:
    """The theme of this process."""
    return Theme()
