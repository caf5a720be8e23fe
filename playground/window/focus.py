"""Where the keyboard goes when the button that had it goes away, or can do nothing for a while."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class FocusKeeper(QObject):
    """Qt hands the keyboard on to the next widget in line: after "Train", to the speed beside it; after a fix that has
    done its work, to Undo. The next press of Space would do what nobody chose. Here it goes home, and back to the
    button of the run as soon as that can be pressed again.

    window: whose widgets are meant;  home: a place where keys do no harm
    main: the button that it goes back to;  beside_main: those that are switched off in turns with it
    """

    def __init__(self, window: QWidget, home: QWidget, main: QWidget, beside_main: Sequence[QWidget]) -> None:
        super().__init__(window)
        self._window, self._home, self._main = window, home, main
        self._of_run = (main, *beside_main)
        self._had: QWidget | None = None  # who has the keyboard, where it is a widget of the window
        self._owed = False  # to the main button
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        main.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.EnabledChange and self._owed and self._main.isEnabled():
            self._owed = False
            if self._home.hasFocus():
                self._main.setFocus(Qt.FocusReason.OtherFocusReason)
        return super().eventFilter(watched, event)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        had, self._had = self._had, now if now is not None and self._window.isAncestorOf(now) else None
        if had is None or self._had is None or not _is_out_of_reach(had):
            self._owed = self._owed and now is self._home
            return
        self._owed = had in self._of_run
        QTimer.singleShot(0, self, lambda: self._go_home(now))

    def _go_home(self, handed_to: QWidget | None) -> None:
        """Unless somebody chose another place meanwhile, the next in line is gone, too, or home is not to be seen (beside
        the welcome page, in the lab)."""
        handed = handed_to is not None and isValid(handed_to) and handed_to.hasFocus()
        if handed and self._home.isVisible():
            place = self._main if self._owed and self._main.isEnabled() else self._home
            place.setFocus(Qt.FocusReason.OtherFocusReason)


def _is_out_of_reach(widget: QWidget) -> bool:
    return not isValid(widget) or not widget.isEnabled() or widget.isHidden() or not widget.isVisible()
