"""The form below the list, made from declarations: the layer's arguments, the data, or the recipe."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core import network as tree
from playground.core.report import Report
from playground.core.text import _
from playground.session.session import Session
from playground.window import icons
from playground.window.data_form import DataPage
from playground.window.help_line import HelpLine
from playground.window.layer_list.panel import hairline
from playground.window.layer_page import LayerPage
from playground.window.recipe_form import RecipePage
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme


class Form(QWidget):
    """One page at a time: "Layer", "Data", "Recipe". The page follows the selection. left: the keyboard is done here"""

    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.layer_page, self.data_page = LayerPage(session), DataPage(session)
        self.recipe_page = RecipePage(session)
        self._pages: dict[str, LayerPage | DataPage | RecipePage] = {
            "layer": self.layer_page, "data": self.data_page, "recipe": self.recipe_page,
        }  # fmt: skip
        self.page = "data"
        self._wrong = False
        self._tabs = self._make_tabs()
        self._place = QLabel()
        self._place.setProperty("role", "small-quiet")
        self._place.setMinimumWidth(0)  # it gives way before a button does
        self._legend = Legend()
        self._unfold = self._make_unfold()
        self._help = HelpLine()
        self._scroll = self._make_scroll()
        self._lay_out()
        for name, page in self._pages.items():
            page.helped.connect(lambda text, name=name: self._on_helped(name, text))
            page.resized.connect(self._fit)
            page.resized.connect(self._order_keys)
        session.document.selection_changed.connect(self._on_selection_changed)
        session.document.project_changed.connect(self._on_project_changed)
        session.client.report_changed.connect(self._on_report_changed)
        theme().changed.connect(self._on_theme_changed)
        self._follow_selection()

    def show_page(self, name: str) -> None:
        """name: "layer", "data" or "recipe" """
        if name == "layer" and self.layer_page.path is None:
            name = "data"
        self.page = name
        for key, page in self._pages.items():
            page.setVisible(key == name)
            self._tabs[key].setChecked(key == name)
            # one stop for Tab, from which arrows lead to the others
            self._tabs[key].setFocusPolicy(Qt.FocusPolicy.StrongFocus if key == name else Qt.FocusPolicy.ClickFocus)
        self._pages[name].show_help()
        self._fit()
        self._order_keys()

    def enter_layer(self) -> None:
        """Bring the keyboard to the arguments of the selected layer, or to the data where the row is their own."""
        self._follow_selection()
        self.enter_page("layer")

    def enter_page(self, name: str) -> None:
        """Show a page, and bring the keyboard to its first field. name: as for `show_page`"""
        self.show_page(name)
        if self.page == "layer":
            self.layer_page.enter()
        elif fields := self._fields():
            fields[0].setFocus(Qt.FocusReason.TabFocusReason)

    def reach_page(self, name: str) -> None:
        """The same from anywhere else: where a layer has no arguments, the keyboard is at the name of its page."""
        self._follow_selection()
        self.enter_page(name)
        if not self.isAncestorOf(self.window().focusWidget()):
            self._tabs[self.page].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fields(self) -> list[QWidget]:
        """What Tab reaches on the page that is shown."""
        page = self._pages[self.page]
        return [
            one
            for one in page.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisibleTo(page) and one.focusProxy() is None
        ]

    def _order_keys(self) -> None:
        """Tab leads from the head through the fields, which may have been made after all that is right of them, to the
        link at the foot."""
        before: QWidget = self._unfold
        for field in self._fields():
            QWidget.setTabOrder(before, field)
            before = field
        QWidget.setTabOrder(before, self._help.link)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is typed counts at once: Enter and Esc only lead back to the list."""
        typed = isinstance(self.focusWidget(), QLineEdit) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if typed or event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()  # a page has more or fewer lines now
        return super().eventFilter(watched, event)

    def _make_tabs(self) -> dict[str, QPushButton]:
        group = QButtonGroup(self)
        tabs = {}
        for name, title in (("layer", _("Layer")), ("data", _("Data")), ("recipe", _("Recipe"))):
            button = QPushButton(title)
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, name=name: self.show_page(name))
            group.addButton(button)
            tabs[name] = button
        return tabs

    def _make_unfold(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "quiet")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIcon(icons.icon("chevron-down", "text_quiet"))
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the icon stands behind the text
        button.setToolTip(_("Show the arguments that are on auto, too"))
        button.clicked.connect(lambda: self.layer_page.fold(False))
        button.clicked.connect(self._fit)
        return button

    def _make_scroll(self) -> "FittedArea":
        scroll = FittedArea()
        scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        scroll.setProperty("role", "window")
        holder = QWidget()
        holder.installEventFilter(self)
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(0)
        for page in self._pages.values():
            layout.addWidget(page)
        layout.addStretch(1)
        scroll.setWidget(holder)
        return scroll

    def _lay_out(self) -> None:
        segments = QFrame()
        segments.setProperty("role", "segments")
        inner = QHBoxLayout(segments)
        inner.setContentsMargins(2, 2, 2, 2)
        inner.setSpacing(0)
        for button in self._tabs.values():
            inner.addWidget(button)
        head = QHBoxLayout()
        head.setContentsMargins(14, 6, 12, 6)
        head.setSpacing(6)
        head.addWidget(segments)
        head.addWidget(self._place)
        head.addWidget(self._legend, 1)
        head.addWidget(self._unfold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        line = hairline()
        holder = QHBoxLayout()
        holder.setContentsMargins(16, 0, 12, 0)
        holder.addWidget(line)
        layout.addLayout(holder)
        layout.addWidget(self._help)
        self._on_theme_changed()

    def _fit(self) -> None:
        """As high as the page wants; the scroll bar takes what the window has no room for."""
        holder = self._scroll.widget()
        holder.layout().activate()
        wanted = holder.layout().sizeHint().height()
        if wanted != self._scroll.maximumHeight():
            self._scroll.setMaximumHeight(wanted)
            self._scroll.setMinimumHeight(min(wanted, 2 * theme().size("form_row")))
            self._scroll.wanted = wanted
        hidden = self.layer_page.hidden if self.page == "layer" else 0
        self._unfold.setText(_("{n} on auto").format(n=hidden))
        self._unfold.setVisible(hidden > 0)
        self._legend.setVisible(self.page == "layer" and self.layer_page.grid is not None and not hidden)
        self.updateGeometry()

    def _on_theme_changed(self) -> None:
        self._help.measure()
        self._fit()

    def _on_helped(self, page: str, text: str) -> None:
        if page == self.page:
            layer = self.layer_page if page == "layer" else None
            self._help.say(text, layer.more_help() if layer else "", layer.spec if layer else None)

    def _on_project_changed(self, _project: object = None) -> None:
        self._show_title()

    def _on_report_changed(self, report: Report) -> None:
        """A row that does not fit needs the room more than arguments that nobody set."""
        wrong = any(row.error for row in report.rows)
        if wrong != self._wrong:
            self._wrong = wrong
            self.layer_page.fold(wrong)
            self._fit()

    def _on_selection_changed(self, *_paths: object) -> None:
        """The row that was chosen is marked first; its page follows when the list is painted. Not in 0 ms: that would be
        in the same turn of the event loop, and both together block the window."""
        QTimer.singleShot(1, self, self._follow_selection)

    def _follow_selection(self) -> None:
        selection = self._session.document.selection
        path = selection[-1] if selection else None
        before = self.layer_page.path
        self.layer_page.show_layer(path)
        self._tabs["layer"].setEnabled(path is not None)
        self._show_title()
        if path != before or path is None:
            keep = path is None and self.page == "recipe"
            self.show_page("recipe" if keep else "layer" if path else "data")

    def _show_title(self) -> None:
        path, tab = self.layer_page.path, self._tabs["layer"]
        if path is None:
            tab.setText(_("Layer"))
            tab.setIcon(QIcon())
            self._place.setText("")
            return
        network = self._session.document.project.network
        number = next((n for n, (one, _layer) in enumerate(tree.walk(network), 1) if one == path), None)
        if number is None:
            return
        layer, spec = tree.at(network, path), self.layer_page.spec
        tab.setText(layer.layer)
        tab.setIcon(icons.icon(spec.icon if spec else "unknown", "text_secondary"))
        tab.setIconSize(QSize(18, 18))
        count = len(self._session.document.selection)
        self._place.setText(
            _("row {n}").format(n=number)
            if count == 1
            else _("row {n} of {count} chosen").format(n=number, count=count)
        )


class FittedArea(ScrollArea):
    """A scroll area that asks for the whole height of what it holds. wanted: that height in px"""

    wanted = 100

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.wanted)


class Legend(QWidget):
    """What "A" and the pin mean; it gives way where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setToolTip(_("A: worked out by the program. Pin: set by you."))
        self.setFixedHeight(theme().size("form_row"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme().font("tick"))
        parts = (("auto", "text_quiet", _("auto")), ("pin", "accent", _("pinned")))
        widths = [painter.fontMetrics().horizontalAdvance(text) + 18 for _icon, _token, text in parts]
        left = self.width() - sum(widths) - 12
        if left < 0:
            return
        for (name, token, text), width in zip(parts, widths, strict=True):
            picture = icons.pixmap(name, 14, token, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - 14) // 2, picture)
            painter.setPen(theme().color("text_quiet"))
            area = QRect(left + 18, 0, width, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            left += width + 12
