"""The list with its head ("Network  12 layers"), the faults at its foot and the totals below."""

import html

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.core.report import Fix, Report
from playground.core.text import _
from playground.session.session import Session
from playground.window.layer_list.commands import LayerCommands
from playground.window.layer_list.error_row import FaultStrip
from playground.window.layer_list.filter import FilterLine
from playground.window.layer_list.mini_map import MiniMap
from playground.window.layer_list.rows import footer_parts, summary_of
from playground.window.layer_list.view import LayerListView
from playground.window.theme import theme


def hairline(role: str = "hairline") -> QFrame:
    """A line of 1 px across; role "vertical" for one that goes down."""
    line = QFrame()
    line.setProperty("role", role)
    return line


class ListHead(QWidget):
    """The title, and the names of the two columns over their right edges."""

    def __init__(self, view: LayerListView) -> None:
        super().__init__()
        self._view = view
        self._count = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._measure()
        theme().changed.connect(self._measure)
        view.viewport().installEventFilter(self)

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(f"{_('Network')}, {summary_of(count)}")
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.update()
        return super().eventFilter(watched, event)

    def _measure(self) -> None:
        self.setFixedHeight(theme().size("dock_header") - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        title = theme().font("base", "semibold")
        end = 16 + QFontMetrics(title).horizontalAdvance(_("Network"))
        self._word(painter, 16, end, _("Network"), title, "text")
        right = self._view.viewport().width()
        tokens, tick = theme().tokens["columns"], theme().font("tick")
        shape_right = right - round(tokens["shape_right_inset"] * theme().text_scale)
        shape_left = shape_right - QFontMetrics(tick).horizontalAdvance(_("output shape"))
        self._word(painter, end + 8, shape_left - 8, summary_of(self._count), theme().font("small"), "text_secondary")
        self._word(painter, shape_left, shape_right, _("output shape"), tick, "text_quiet")
        params_right = right - tokens["params_right_inset"]
        params_left = params_right - QFontMetrics(tick).horizontalAdvance(_("params"))
        self._word(painter, params_left, params_right, _("params"), tick, "text_quiet")

    def _word(self, painter: QPainter, left: int, right: int, text: str, font: QFont, color: str) -> None:
        painter.setFont(font)
        painter.setPen(theme().color(color))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0, right - left) + 1)
        painter.drawText(QRect(left, 0, right - left + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)


class LayerListPanel(QWidget):
    """Everything between the palette and the docks, above the form."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.view = LayerListView(session)
        self.commands = LayerCommands(session, self.view)
        self.filter_line = FilterLine(self.view.filter)
        self.map = MiniMap(self.view)
        self._head = ListHead(self.view)
        self._faults = FaultStrip()
        self._footer = QLabel()
        self._footer.setTextFormat(Qt.TextFormat.RichText)
        self._footer.setContentsMargins(16, 0, 12, 0)
        self._footer.setProperty("role", "small")
        self._lay_out()
        self.commands.find.triggered.connect(self.filter_line.open)
        self.filter_line.left.connect(self.view.setFocus)
        escape = QShortcut(Qt.Key.Key_Escape, self.view, context=Qt.ShortcutContext.WidgetShortcut)
        escape.activated.connect(self.filter_line.close_search)
        self._faults.fix_requested.connect(self._on_fix_requested)
        session.client.report_changed.connect(self._on_report_changed)
        session.document.project_changed.connect(self._on_project_changed)
        theme().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._on_project_changed()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(hairline())
        layout.addWidget(self.filter_line)
        rows = QHBoxLayout()
        rows.setSpacing(0)
        rows.addWidget(self.view, 1)
        rows.addWidget(self.map)
        layout.addLayout(rows, 1)
        layout.addWidget(self._faults)
        layout.addWidget(hairline())
        layout.addWidget(self._footer)

    def _on_theme_changed(self) -> None:
        self._footer.setFixedHeight(theme().size("run_facts") - 2)

    def _on_project_changed(self, _project: object = None) -> None:
        self._head.set_count(len(self.view.layers.paths))
        if self._session.client.report is not None:
            self._on_report_changed(self._session.client.report)

    def _on_report_changed(self, report: Report) -> None:
        sentences = [(f"{fault.what}. {fault.fix}.", str(fault)) for fault in report.faults or report.warnings]
        self._faults.show_faults(sentences, report.fixes, "error" if report.faults else "warning", report.misfit)
        bad = next((row.index for row in report.rows if row.error), None)
        parts = footer_parts(report.parameters, report.bytes, report.multiply_adds, bad)
        self._footer.setText(" &nbsp;&nbsp; ".join(_figure(*part) for part in parts))

    def _on_fix_requested(self, fix: Fix) -> None:
        self._session.document.apply(*fix.edits, text=fix.label)


def _figure(figure: str, words: str) -> str:
    words = html.escape(words)
    return f"<b>{figure}</b> {words}" if figure else words
