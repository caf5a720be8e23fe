"""The panels as docks, with our own title bars. The user may move, close and float them; the layout is remembered."""

import logging
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QMenu, QWidget

from playground.core.lab.page import TOPICS
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.window.fence import Fence
from playground.window.theme import theme
from playground.window.words import Words

VERSION = 1  # of the saved layout
_AREAS = {"top": Qt.DockWidgetArea.TopDockWidgetArea, "bottom": Qt.DockWidgetArea.BottomDockWidgetArea}
# Shares of a line's width by its panels, as in the default layout; others get equal shares.
_SHARES = {"top": (0.5, 0.5), "bottom": (0.37, 0.63)}
_NARROW, _NARROW_SHARES = 700, (0.6, 0.4)  # px; the loss panel has more controls in its title bar
_TOP_SHARE = 0.52
_TOP_SHARES = {"results": 0.62, "draw": 0.62}  # of rooms whose upper line needs more
_LEAST = 160  # px, width of a title bar


class TitleBar(QWidget):
    """36 px: the title, a quiet subtitle, and the panel's own controls at the right."""

    def __init__(self, title: str, subtitle: str, controls: list[QWidget]) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 12, 0)
        layout.setSpacing(8)
        name = QLabel(title)
        name.setProperty("role", "title")
        layout.addWidget(name)
        self.subtitle = Words("small", "text_secondary", text=subtitle)
        layout.addWidget(self.subtitle, 1)
        for control in controls:
            layout.addWidget(control)
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._measure()
        theme().changed.connect(self._measure)

    def sizeHint(self) -> QSize:
        """A dock asks its title bar for this, whatever its fixed height is."""
        return QSize(super().sizeHint().width(), theme().size("dock_header"))

    def minimumSizeHint(self) -> QSize:
        """Narrow docks cut the controls off rather than push their neighbours out of the window."""
        return QSize(_LEAST, theme().size("dock_header"))

    def _measure(self) -> None:
        self.setFixedHeight(theme().size("dock_header"))
        self.updateGeometry()


class PanelDock(QDockWidget):
    """One panel."""

    def __init__(self, spec: PanelSpec, panel: Any, parent: QMainWindow, lab: Any) -> None:
        """lab: the session's, with pages that explain what is seen"""
        super().__init__(spec.title, parent)
        self.spec, self.panel, self._lab = spec, panel, lab
        self.setObjectName(spec.name)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetClosable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        self.bar = TitleBar(spec.title, panel.subtitle, panel.header_widgets())
        self.setTitleBarWidget(Fence(self.bar))
        self.setWidget(Fence(panel))
        panel.subtitle_changed.connect(self.bar.subtitle.setText)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the pages of the lab that explain what is seen here."""
        if self.spec.lab:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for topic in self.spec.lab:
                action = menu.addAction(_("In the lab: {topic}").format(topic=TOPICS[topic]))
                action.triggered.connect(lambda _on=False, topic=topic: self._lab.explain(topic))
            menu.popup(event.globalPos())
            event.accept()


class DockArea(QMainWindow):
    """A window inside the window, so that docks stay right of the list."""

    def __init__(self, session: Any, specs: list[PanelSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.failures: dict[str, str] = {}  # panel -> why it was left out
        self.docks: list[PanelDock] = []
        self._shares: dict[PanelDock, tuple[float, float]] = {}  # of the width and the height, as somebody set them
        self._shared_out = QSize()  # the size of the area when these were looked at
        self.has_layout = False  # restored, or shared out at the size in which it was seen first
        for spec in sorted(specs, key=lambda one: one.order):
            self._add(session, spec)
        self.reset()

    def event(self, event: QEvent) -> bool:
        """Docks that give way to a separator which is wider for a moment would not come back."""
        if event.type() == QEvent.Type.StyleChange and theme().is_dressing:
            self.changeEvent(event)
            return True
        return super().event(event)

    def _add(self, session: Any, spec: PanelSpec) -> None:
        try:
            panel = spec.make(session)
            self.docks.append(PanelDock(spec, panel, self, session.lab))
            self.docks[-1].installEventFilter(self)
        except Exception as error:  # a stranger's panel may raise anything; the rest of the window goes on
            self.failures[spec.name] = f"{type(error).__name__}: {error}"
            logging.getLogger(__name__).exception("left out the panel %s", spec.name)

    def toggle_actions(self) -> list[QAction]:
        """One for each panel, to show and hide it."""
        return [dock.toggleViewAction() for dock in self.docks]

    def reset(self) -> None:
        """The default layout: loss beside slopes, filters beside feature maps."""
        for dock in self.docks:
            dock.setFloating(False)
            self.removeDockWidget(dock)
        for area, place in _AREAS.items():
            line = [dock for dock in self.docks if dock.spec.area == area]
            for left, dock in zip([None, *line], line, strict=False):
                if left is None:
                    self.addDockWidget(place, dock)
                else:
                    self.splitDockWidget(left, dock, Qt.Orientation.Horizontal)
                dock.show()
        self.share_out()

    def share_out(self) -> None:
        """Give the panels of the default layout their shares of the room there is."""
        layout = self.layout()
        if layout is not None:
            layout.activate()  # sizes that are asked for before it has laid its docks out once are forgotten
        for area in _AREAS:
            line = [dock for dock in self.docks if dock.spec.area == area]
            shares: tuple[float, ...]
            shares = _NARROW_SHARES if area == "top" and self.width() < _NARROW and len(line) == 2 else _SHARES[area]
            shares = shares if len(line) == len(_SHARES[area]) else (1 / max(1, len(line)),) * len(line)
            if line:
                widths = [max(1, round(share * self.width())) for share in shares]
                self.resizeDocks(line, widths, Qt.Orientation.Horizontal)
        firsts = [next((dock for dock in self.docks if dock.spec.area == area), None) for area in _AREAS]
        if all(firsts):
            share = _TOP_SHARES.get(firsts[0].spec.room, _TOP_SHARE) if firsts[0] else _TOP_SHARE
            heights = [round(self.height() * share), round(self.height() * (1 - share))]
            self.resizeDocks([dock for dock in firsts if dock], heights, Qt.Orientation.Vertical)
        if layout is not None:
            layout.activate()  # at once: nobody sees them in other shares before

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A dock that gets another size while the area keeps its own was given it by somebody."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, PanelDock) and self.size() == self._shared_out:
            self._shares[watched] = watched.width() / self.width(), watched.height() / self.height()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Every dock keeps its share. Left to Qt, the last one takes what there is more and another gives what there is
        less, so that the dividers wander each time that the palette makes room and takes it back."""
        super().resizeEvent(event)
        self._keep_shares()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_shares()
        QTimer.singleShot(0, self, self._share_out_at_first)

    def _share_out_at_first(self) -> None:
        if not self.has_layout and self.isVisible():
            self.has_layout = True
            self.share_out()

    def _keep_shares(self) -> None:
        if not self.isVisible():
            return  # its docks are laid out when it is shown
        docks = [dock for dock in self._shares if dock.isVisible() and not dock.isFloating()]
        if docks and self._shared_out.isValid():
            across = [max(1, round(self._shares[dock][0] * self.width())) for dock in docks]
            down = [max(1, round(self._shares[dock][1] * self.height())) for dock in docks]
            self.resizeDocks(docks, across, Qt.Orientation.Horizontal)
            self.resizeDocks(docks, down, Qt.Orientation.Vertical)
            layout = self.layout()
            if layout is not None:
                layout.activate()
        self._shared_out = self.size()

    def layout_state(self) -> QByteArray:
        return self.saveState(VERSION)

    def restore_layout(self, state: QByteArray) -> bool:
        """False where the state is of another version; the default layout stays then."""
        restored = bool(state) and self.restoreState(state, VERSION)
        self.has_layout = self.has_layout or restored
        return restored


def left_out(failures: dict[str, str]) -> list[str]:
    """Sentences that name what could not be loaded."""
    return [
        _("{name} could not be loaded and was left out ({reason}). The log has the details.").format(
            name=name, reason=reason
        )
        for name, reason in failures.items()
    ]
