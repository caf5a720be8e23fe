"""What the monkey's hands do: each event is a list that JSON can hold, given to the window as the system would give it.

Mouse and keys go through the windows of the platform, so that grabs, popups and modal dialogs count as they do for
people. Places are pixels of one of the windows that are open: "main", "popup" (a menu), "modal" (a dialog) or "other0".
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QHelpEvent,
    QImage,
    QInputMethodEvent,
    QMouseEvent,
    QWindow,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QGraphicsScene,
    QLineEdit,
    QMenu,
    QWidget,
)
from shiboken6 import isValid

from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.window.dialogs import SaveSheet
from playground.window.layer_list import clipboard
from tests.campaigns.monkey_drags import Drags, Visit
from tests.campaigns.monkey_home import Home, Stage

Event = list[Any]
_BOTH = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
_LEFT, _NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_NONE = Qt.KeyboardModifier.NoModifier
MODIFIER_KEYS = {
    Qt.KeyboardModifier.AltModifier: Qt.Key.Key_Alt,
    Qt.KeyboardModifier.ControlModifier: Qt.Key.Key_Control,
    Qt.KeyboardModifier.ShiftModifier: Qt.Key.Key_Shift,
}
# Whose actions are left alone: they would write and delete files; pyqtgraph's menu is one that our plots do not have.
NOT_TRIGGERED = (QFileDialog, QGraphicsScene)


def fronts(main: QWidget) -> dict[str, QWidget]:
    """The windows that are open, by the names that events use."""
    found = {"main": main}
    popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
    if popup is not None:
        found["popup"] = popup
    if modal is not None:
        found["modal"] = modal
    usual = (Qt.WindowType.Window, Qt.WindowType.Tool, Qt.WindowType.Dialog)
    known = set(found.values())
    others = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one not in known]
    others = [one for one in others if one.windowType() in usual and one.objectName()]
    for number, other in enumerate(sorted(others, key=lambda one: one.objectName())):
        found[f"other{number}"] = other
    return found


def actions_in(menu: QMenu, before: str = "") -> Iterator[tuple[str, QAction]]:
    """Every action of a menu and its menus, by its path."""
    for action in menu.actions():
        path = f"{before}/{action.text()}"
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from actions_in(inner, path)
        elif not action.isSeparator():
            yield path, action


def actions_of(window: QWidget) -> list[QAction]:
    """All of its actions, those of menus that were opened once and of fields included."""
    return [one for one in window.findChildren(QAction) if not _belongs(one, NOT_TRIGGERED)]


def _belongs(action: Any, kinds: tuple[type, ...]) -> bool:
    while action is not None:
        if isinstance(action, kinds):
            return True
        action = action.parent()
    return False


class Hands:
    """Does events. held: the mouse button that is down, if one is"""

    def __init__(self, stage: Stage, home: Home) -> None:
        self._stage, self._home = stage, home
        self.held = Qt.MouseButton.NoButton
        self._drags = Drags()
        self._drags.install()
        self._deeds: dict[str, Callable[..., None]] = {
            name.removeprefix("_do_"): getattr(self, name) for name in dir(self) if name.startswith("_do_")
        }

    def do(self, event: Event) -> None:
        name, *words = event
        self._deeds[name](*words)

    # Mouse --------------------------------------------------------------------------------------------------------

    @staticmethod
    def _gesture(do: Callable[..., None], window: QWindow, *words: Any) -> bool:
        """Whether the window is still there after it."""
        if not isValid(window):
            return False
        try:
            do(window, *words)
        except RuntimeError:
            if isValid(window):  # else a menu went away by it, as menus do
                raise
        return isValid(window)

    def _place(self, front: str, x: int, y: int) -> tuple[QWindow, QPoint] | None:
        """A window of the platform and a place in it; None where there is no such window any more."""
        top = fronts(self._stage.window).get(front)
        handle = top.windowHandle() if top is not None else None
        if handle is None or not handle.isVisible() or handle.width() < 1 or handle.height() < 1:
            return None
        return handle, QPoint(min(max(x, 0), handle.width() - 1), min(max(y, 0), handle.height() - 1))

    def _do_move(self, front: str, x: int, y: int) -> None:
        if place := self._place(front, x, y):
            if self._drags.visit is not None:
                self._drags.visit.move(*place)
            else:
                self._gesture(QTest.mouseMove, *place)

    def _do_press(self, front: str, x: int, y: int, button: int = 1, modifiers: int = 0) -> None:
        if (place := self._place(front, x, y)) and not self.held and self._gesture(QTest.mouseMove, *place):
            self.held = Qt.MouseButton(button)
            self._gesture(QTest.mousePress, place[0], self.held, Qt.KeyboardModifier(modifiers), place[1])

    def _do_release(self, front: str, x: int, y: int, modifiers: int = 0) -> None:
        place = self._place(front, x, y) or self._place("main", x, y)
        if place is None:
            self.held = Qt.MouseButton.NoButton
            self._drags.cancel()
        elif self._drags.visit is not None:
            self._drags.drop(*place, Qt.KeyboardModifier(modifiers))
            # the widget hears of the button when its drag has returned
            QTimer.singleShot(0, lambda: self._let_go(*place, modifiers))
        else:
            self._let_go(*place, modifiers)

    def _let_go(self, window: QWindow, place: QPoint, modifiers: int) -> None:
        held, self.held = self.held, Qt.MouseButton.NoButton
        if held:
            self._gesture(QTest.mouseRelease, window, held, Qt.KeyboardModifier(modifiers), place)

    def _do_click(self, front: str, x: int, y: int, button: int = 1, modifiers: int = 0) -> None:
        self._do_press(front, x, y, button, modifiers)
        self._do_release(front, x, y, modifiers)

    def _do_double(self, front: str, x: int, y: int) -> None:
        """In steps, for the first click may take the window away, on which `QTest.mouseDClick` would go on."""
        self._do_click(front, x, y)
        QApplication.processEvents()  # people's second click comes later
        modal = QApplication.activeModalWidget()
        if (place := self._place(front, x, y)) and not self.held and (modal is None or front in ("modal", "popup")):
            window, at = place
            if not isValid(window):  # a menu that the first click closed
                return
            there = QPointF(at), QPointF(window.mapToGlobal(at))
            for kind, buttons in (
                (QEvent.Type.MouseButtonDblClick, _LEFT),
                (QEvent.Type.MouseButtonRelease, _NO_BUTTON),
            ):
                if isValid(window):
                    QApplication.sendEvent(window, QMouseEvent(kind, *there, _LEFT, buttons, _NONE))

    def _do_wheel(self, front: str, x: int, y: int, angle: int, modifiers: int = 0) -> None:
        if place := self._place(front, x, y):
            turn, none = QPoint(0, angle), QPoint()
            self._gesture(QTest.wheelEvent, place[0], QPointF(place[1]), turn, none, Qt.KeyboardModifier(modifiers))

    def _do_tip(self, front: str, x: int, y: int) -> None:
        """The pointer rests, without the time that it takes."""
        top = fronts(self._stage.window).get(front)
        widget = top.childAt(x, y) if top is not None else None
        if top is not None and widget is not None:
            place = widget.mapFrom(top, QPoint(x, y))
            QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))

    # Keys ---------------------------------------------------------------------------------------------------------

    def _keyboard(self) -> QWindow | None:
        """The window that has the keyboard; one is given it where none has, as a window manager would."""
        if QGuiApplication.focusWindow() is None:
            found = fronts(self._stage.window)
            found.get("modal", found["main"]).activateWindow()
        window = QGuiApplication.focusWindow()
        return window if window is not None and window.isVisible() else None

    def _do_key(self, key: int, modifiers: int = 0) -> None:
        if self._drags.visit is not None and key == Qt.Key.Key_Escape:
            self._drags.cancel()
            return
        if window := self._keyboard():
            self._struck(window, Qt.Key(key), Qt.KeyboardModifier(modifiers))

    def _struck(self, window: QWindow, key: Any, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Down and up, one event at a time: a window that goes away in between hears of no more.

        Qt's tests press a modifier before the key, and let go of it after the key, and go on with a window that is no
        more: Alt closes a menu, a button's key its dialog.
        """
        if modifiers & Qt.KeyboardModifier.AltModifier and QApplication.activePopupWidget() is not None:
            if not self._gesture(QTest.keyPress, window, Qt.Key.Key_Alt):
                return
            self._gesture(QTest.keyRelease, window, Qt.Key.Key_Alt)
            QApplication.processEvents()
            if not isValid(window) or not window.isVisible():
                return
        pressed = self._gesture(QTest.keyPress, window, key, modifiers)
        if pressed and self._gesture(QTest.keyRelease, window, key):
            for modifier, name in MODIFIER_KEYS.items():
                if modifiers & modifier and not self._gesture(QTest.keyRelease, window, name):
                    return

    def _do_type(self, text: str) -> None:
        """What a keyboard has is typed, all else comes as from an input method."""
        for letter in text:
            if (window := self._keyboard()) is None:
                return
            if " " <= letter <= "~":
                self._struck(window, ord(letter), _shift(letter))
            elif (focus := QApplication.focusWidget()) is not None:
                event = QInputMethodEvent()
                event.setCommitString(letter)
                QApplication.sendEvent(focus, event)

    # Menus and dialogs --------------------------------------------------------------------------------------------

    def _do_menu(self, path: str) -> None:
        """Choose from the window's menu without opening it."""
        menu = self._stage.window.actions_.menu
        menu.aboutToShow.emit()
        action = dict(actions_in(menu)).get(path)
        if action is not None and action.isEnabled() and self._free():
            action.trigger()

    def _do_action(self, text: str, nth: int) -> None:
        """Any action of the window: the nth of those with this text."""
        same = [one for one in actions_of(self._stage.window) if one.text() == text]
        if nth < len(same) and same[nth].isEnabled() and self._free():
            same[nth].trigger()

    def _free(self) -> bool:
        """Whether people could reach a menu of the window: no dialog stands before it."""
        return QApplication.activeModalWidget() is None

    def _do_file(self, path: str) -> None:
        """Type a path into a dialog that wants a file."""
        dialog = QApplication.activeModalWidget()
        field = dialog.findChild(QLineEdit) if isinstance(dialog, QFileDialog) else None
        if isinstance(dialog, QFileDialog) and field is not None:
            field.setText(path)
            self._do_key(Qt.Key.Key_Return)

    def _do_answer(self, name: str) -> None:
        """Press a button of a dialog, by the words on it."""
        dialog = QApplication.activeModalWidget()
        for button in dialog.findChildren(QAbstractButton) if dialog else []:
            if button.text() == name and button.isVisible() and button.isEnabled():
                place = button.mapTo(dialog, button.rect().center())
                self._do_click("modal", place.x(), place.y())
                return

    def _do_fresh(self, preset: str) -> None:
        """Put everything away, and open an example; what is unsaved is thrown away."""
        self.put_away()
        self._do_menu(f"/Examples/{preset}")
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, SaveSheet):
            sheet.discard_button.click()

    def finish(self) -> None:
        """No event comes any more."""
        self._drags.over = True
        self.put_away()

    def put_away(self) -> None:
        """Close menus and dialogs, let go of the mouse."""
        if self.held:
            self._do_release("main", 5, 5)
        for _more in range(8):
            popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
            if popup is not None:
                popup.close()
            elif isinstance(modal, QDialog):
                modal.reject()

    # The window ---------------------------------------------------------------------------------------------------

    def _do_resize(self, width: int, height: int) -> None:
        self._stage.window.resize(QSize(width, height))

    def _do_state(self, state: str) -> None:
        window = self._stage.window
        show = {"minimized": window.showMinimized, "maximized": window.showMaximized, "normal": window.showNormal}
        if state in show:
            show[state]()
        else:  # another window has the keyboard for a while
            QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
            window.activateWindow()
            QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))

    def _do_close(self) -> None:
        if self._free():
            self._stage.window.close()

    def _do_storm(self, undo: int, redo: int) -> None:
        """Undo and redo, as fast as a held key repeats."""
        actions = self._stage.window.actions_
        if self._free():
            for action in (*[actions.undo] * undo, *[actions.redo] * redo):
                action.trigger()

    def _do_speed(self, number: int) -> None:
        button = self._stage.window.run_bar.line.speed_group.button(number)
        if button is not None and self._free():
            button.click()

    # What comes from other programs -------------------------------------------------------------------------------

    def _do_clipboard(self, kind: str) -> None:
        QGuiApplication.clipboard().setMimeData(self._made(kind))

    def _do_drop(self, kind: str, x: int, y: int, ending: str) -> None:
        """Something is dragged in from another program, over two places, and dropped or taken out again."""
        front = "modal" if QApplication.activeModalWidget() else "main"
        place = self._place(front, x, y)
        if place is None or QApplication.activePopupWidget() is not None:
            return
        visit = Visit(self._made(kind), _BOTH)
        visit.move(*place)
        visit.move(*place)
        visit.drop(*place) if ending == "drop" else visit.leave()

    def _made(self, kind: str) -> QMimeData:
        """kind: "layers:2", "text:…", "image", or names of files in the home, with commas between them"""
        mime = QMimeData()
        if kind.startswith("layers:"):
            chosen = int(kind.removeprefix("layers:"))
            names = list(LAYERS)
            return clipboard.mime_of([Layer(names[(chosen + n) % len(names)]) for n in range(1 + chosen % 3)])
        if kind.startswith("text:"):
            mime.setText(kind.removeprefix("text:"))
        elif kind == "image":
            mime.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
        else:
            mime.setUrls([QUrl.fromLocalFile(str(self._home.folder / "files" / name)) for name in kind.split(",")])
        return mime

    def _do_touch(self, name: str) -> None:
        """Another program changes a file."""
        path = self._home.folder / "files" / name
        if path.is_file():
            self._home.touch(path)

    def _do_rest(self, _milliseconds: int) -> None:
        """Whoever makes the events waits."""


def confine(folder: Path) -> None:
    """Dialogs of files stay in a folder, and neither make nor remove anything there."""
    real = QFileDialog.open

    def open_(dialog: QFileDialog) -> None:
        dialog.setOption(QFileDialog.Option.ReadOnly)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        stay = partial(dialog.setDirectory, str(folder))

        def entered(place: str) -> None:
            if not place.startswith(str(folder)):
                # not at once: Qt's list of places, amid its change, would choose places without end
                QTimer.singleShot(0, dialog, stay)

        dialog.directoryEntered.connect(entered)
        real(dialog)

    QFileDialog.open = open_  # type: ignore[method-assign, assignment]


def _shift(letter: str) -> Qt.KeyboardModifier:
    return Qt.KeyboardModifier.ShiftModifier if letter.isupper() else _NONE
