"""The palette: every layer of the catalogue under its family, to be dragged or entered into the list."""

from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.layer import Layer
from playground.core.layers import by_family
from playground.core.spec import LayerSpec
from playground.core.text import _
from playground.window import ghost, icons
from playground.window.layer_list import clipboard
from playground.window.layer_list.rows import brief_of
from playground.window.theme import theme
from playground.window.web import open_page, reading_order

SpecRole = Qt.ItemDataRole.UserRole + 1
SEARCH_KEY = "/"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def matches(spec: LayerSpec, words: str) -> bool:
    """Whether a layer is found by a search: every word in its name, title, family or summary."""
    text = f"{spec.name} {spec.title} {spec.family} {spec.summary}".casefold()
    return all(word in text for word in words.casefold().split())


def found(words: str) -> dict[str, list[LayerSpec]]:
    """family -> its layers that the search finds; in both the best match by name comes first, so that Enter inserts
    what was typed, and not another layer whose summary has the word in it."""

    def rank(spec: LayerSpec) -> int:
        name, wanted = spec.name.casefold(), words.casefold().strip()
        return 0 if name == wanted else 1 if name.startswith(wanted) else 2 if wanted in name else 3

    families = {
        family: sorted((spec for spec in specs if matches(spec, words)), key=rank)
        for family, specs in by_family().items()
    }
    in_order = sorted((one for one in families.items() if one[1]), key=lambda one: rank(one[1][0]))
    return dict(in_order)


class PaletteModel(QStandardItemModel):
    """Headings and layers, one below the other."""

    def show(self, words: str, headings: bool) -> None:
        self.clear()
        for family, specs in found(words).items():
            if headings:
                heading = QStandardItem(_(family))
                heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.appendRow(heading)
            for spec in specs:
                self.appendRow(self._entry(spec))

    def _entry(self, spec: LayerSpec) -> QStandardItem:
        item = QStandardItem(spec.name)
        item.setData(spec, SpecRole)
        item.setToolTip(f"<b>{spec.title}</b><br>{spec.summary}")
        item.setAccessibleText(f"{spec.name}, {spec.title}, {spec.summary}")
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        return item

    def mimeData(self, indexes: Any) -> QMimeData:
        return clipboard.mime_of(Layer(index.data(SpecRole).name) for index in indexes if index.data(SpecRole))


class PaletteDelegate(QStyledItemDelegate):
    folded = False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        if index.data(SpecRole) is None:
            return QSize(100, theme().size("row") - (0 if index.row() else 4))
        return QSize(40 if self.folded else 100, theme().size("row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spec: LayerSpec | None = index.data(SpecRole)
        if spec is None:
            self._paint_heading(painter, option.rect, index.data())
        else:
            self._paint_entry(painter, option, spec)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, text: str) -> None:
        painter.setFont(theme().font("tick", "semibold"))
        painter.setPen(theme().color("text_quiet"))
        area = rect.adjusted(8, 0, 0, -3)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, spec: LayerSpec) -> None:
        rect = option.rect
        chosen = option.state & QStyle.StateFlag.State_Selected
        token = "accent_tint" if chosen else "hover" if option.state & QStyle.StateFlag.State_MouseOver else ""
        if token:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(token))
            painter.drawRoundedRect(rect, 6, 6)
        ratio = painter.device().devicePixelRatio()
        left = rect.center().x() - 9 if self.folded else rect.left() + 7
        glyph = icons.pixmap(spec.icon, 20, "accent" if chosen else "text_secondary", ratio)
        painter.drawPixmap(left, rect.top() + (rect.height() - 20) // 2, glyph)
        if self.folded:
            return
        painter.setFont(theme().font())
        painter.setPen(theme().color("text"))
        area = rect.adjusted(36, 0, -4, 0)
        name = painter.fontMetrics().elidedText(spec.name, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)


class PaletteView(QListView):
    """The entries. insert_requested: Enter or a double click on one (its LayerSpec)."""

    insert_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Layers to choose from"))
        self.entries = PaletteModel(self)
        self.entry_delegate = PaletteDelegate(self)
        self.setModel(self.entries)
        self.setItemDelegate(self.entry_delegate)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._on_activated)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_activated(self.currentIndex())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the entry under the pointer, or of the chosen one where the keyboard asks."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        spec: LayerSpec | None = index.data(SpecRole)
        if spec is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Insert {layer}").format(layer=spec.name), lambda: self.insert_requested.emit(spec))
        menu.addAction(icons.icon("external", "text_secondary"), reading_order(spec), lambda: open_page(spec.docs_url))
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center() if by_key else event.pos()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.select_first()

    def select_first(self) -> None:
        """Select the first layer that is shown."""
        for row in range(self.entries.rowCount()):
            index = self.entries.index(row, 0)
            if index.data(SpecRole) is not None:
                self.setCurrentIndex(index)
                return

    def startDrag(self, _actions: Qt.DropAction) -> None:
        index = self.currentIndex()
        spec: LayerSpec | None = index.data(SpecRole)
        if spec is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self.entries.mimeData([index]))
        # At most the arguments that a fresh layer has; those on auto show "?" and are left out.
        brief = brief_of(spec, Layer(spec.name), None)
        shown = "" if "?" in brief or spec.block else brief
        drag.setPixmap(ghost.picture(spec.icon, spec.name, shown, 1, self.devicePixelRatioF()))
        drag.setHotSpot(ghost.HOT_SPOT)
        drag.exec(Qt.DropAction.CopyAction)

    def _on_activated(self, index: QModelIndex) -> None:
        if spec := index.data(SpecRole):
            self.insert_requested.emit(spec)


class SearchField(QLineEdit):
    """Shows the key that leads to it while it is empty."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.text() and not self.hasFocus():
            painter = QPainter(self)
            painter.setFont(theme().font("small"))
            painter.setPen(theme().color("text_quiet"))
            painter.drawText(self.rect().adjusted(0, 0, -10, 0), _RIGHT, SEARCH_KEY)


class Palette(QWidget):
    """Search field and entries; folded, a column of icons.

    insert_requested: a LayerSpec to insert behind the selection;  fold_changed: whether it is folded now
    left: the keyboard is done with the search
    """

    insert_requested = Signal(object)
    fold_changed = Signal(bool)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.folded = False
        self._inserted = False  # by what stands in the search now
        self.search = self._make_search()
        self.view = PaletteView()
        self.view.insert_requested.connect(self.insert_requested)
        self._fold_button = self._make_fold_button()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 8, 8)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.search, 1)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._fold_button, 0, Qt.AlignmentFlag.AlignLeft)
        theme().changed.connect(self._on_theme_changed)
        self.fold(False)

    def fold(self, folded: bool) -> None:
        """Show icons only (48 px), or all (200 px)."""
        self.folded = folded
        self.view.entry_delegate.folded = folded
        self.search.setVisible(not folded)
        if folded:
            self.search.clear()
        width = theme().size("palette_folded" if folded else "palette")
        self.setFixedWidth(round(width * (1 if folded else max(1.0, theme().text_scale * 0.85))))
        self.layout().setContentsMargins(4 if folded else 8, 12, 4 if folded else 8, 8)
        text = _("Unfold the palette") if folded else _("Fold the palette to icons")
        self._fold_button.setIcon(icons.icon("chevron-right" if folded else "chevron-left", "text_quiet"))
        self._fold_button.setToolTip(text)
        self._fold_button.setAccessibleName(text)
        self._show()
        self.fold_changed.emit(folded)

    def focus_search(self) -> None:
        """Bring the keyboard to the search field, unfolding the palette."""
        if self.folded:
            self.fold(False)
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_search_key(event)
        return super().eventFilter(watched, event)

    def _on_search_key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Down:
                self.view.setFocus(Qt.FocusReason.TabFocusReason)
                self.view.select_first()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._insert_first()
            case Qt.Key.Key_Slash:
                self.search.selectAll()  # it leads to the search, and no layer has one in its name
            case Qt.Key.Key_Escape:
                done = self._inserted or not self.search.text()
                self.search.clear()
                if done:
                    self.left.emit()
            case _:
                return False
        return True

    def _insert_first(self) -> None:
        """Insert what was found; once more with Enter, and what is typed next is searched anew."""
        self.view.select_first()
        if spec := self.view.currentIndex().data(SpecRole):
            self.insert_requested.emit(spec)
            self.search.selectAll()
            self._inserted = True

    def _on_search_changed(self, _text: str) -> None:
        self._inserted = False
        self._show()

    def _show(self) -> None:
        self.view.entries.show("" if self.folded else self.search.text(), headings=not self.folded)
        if self.search.text() and not self.folded:
            self.view.select_first()

    def _on_theme_changed(self) -> None:
        self.fold(self.folded)

    def _make_search(self) -> QLineEdit:
        field = SearchField()
        field.setAcceptDrops(False)  # a file that is dropped is for the window
        field.setProperty("kind", "search")
        field.setPlaceholderText(_("Search layers"))
        field.setAccessibleName(_("Search layers"))
        field.setToolTip(_("Search by name or by what a layer does ({key})").format(key=SEARCH_KEY))
        field.addAction(icons.icon("search", "text_quiet"), QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(self._on_search_changed)
        field.installEventFilter(self)
        return field

    def _make_fold_button(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "quiet")
        button.setIcon(icons.icon("chevron-left", "text_quiet"))
        button.clicked.connect(lambda: self.fold(not self.folded))
        return button
