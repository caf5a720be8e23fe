"""What fills the window below its notices: the project, or the welcome page in its place."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from playground.window.main_window import MainWindow
    from playground.window.welcome.page import WelcomePage

AT_START = "window/welcome"  # key of the setting: whether the program begins with the page
_GOING_ON = ("preparing", "running")


class Front(QStackedWidget):
    """The project's widgets, and the page, which is made when it is opened first.

    The page gives way as soon as the project becomes another or a run begins, whoever did it.
    """

    def __init__(self, window: "MainWindow", parent: QWidget) -> None:
        super().__init__(parent)
        self._window = window
        self.project = QWidget(self)  # shown in place of the page
        self._bar: Sequence[QWidget] = ()
        self._page: WelcomePage | None = None
        self._had_focus: QWidget | None = None
        self.addWidget(self.project)
        session = window.session
        session.document.project_changed.connect(lambda _project: self.leave())
        session.training.state_changed.connect(lambda state: self.leave() if state in _GOING_ON else None)

    def stand_below(self, *bar: QWidget) -> None:
        """Name what stands above, and is hidden beside the page."""
        self._bar = bar

    @property
    def page(self) -> "WelcomePage | None":
        """None until it was opened first."""
        return self._page

    @property
    def is_open(self) -> bool:
        return self._page is not None and self.currentWidget() is self._page

    def open(self) -> None:
        """Show the page; the project stays as it is behind it."""
        if self.is_open:
            return
        if self._page is None:
            from playground.window.welcome.page import WelcomePage  # many sessions never see it

            self._page = page = WelcomePage(self._window.session, self._window.files)
            page.addActions(self._window.run_bar.line.run_actions())  # the bar is hidden, its keys go on
            page.left.connect(self.leave)
            page.lab_wanted.connect(self._window.open_lab)
            page.lesson_chosen.connect(self._window.lessons.open)
            page.lessons_wanted.connect(self._window.lessons.show_list)
            self.addWidget(page)
        self._had_focus = self._window.focusWidget()
        self._page.refresh()
        for widget in self._bar:
            widget.hide()
        self.setCurrentWidget(self._page)
        self._page.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Back to the project, and the keyboard to where it was."""
        if not self.is_open:
            return
        for widget in self._bar:
            widget.show()
        self.setCurrentWidget(self.project)
        back, self._had_focus = self._had_focus, None
        if back is None or not isValid(back):  # another project has other fields
            back = self._window.list_panel.view
        back.setFocus(Qt.FocusReason.OtherFocusReason)
