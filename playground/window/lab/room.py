"""The inside of the lab: the chosen topic's view, made when it is seen first, and what is done with its page."""

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from playground.core.lab.page import TOPICS, LabPage
from playground.core.lab.told import Told, Written
from playground.core.problem import Fault
from playground.core.text import _
from playground.window import icons
from playground.window.data.segments import Segments
from playground.window.lab import orders
from playground.window.lab.tab_order import order_tabs
from playground.window.lab.view import TopicView
from playground.window.lab.views import VIEWS
from playground.window.panels._done_button import DoneButton
from playground.window.panels.base import Panel

_REST_MS = 150  # to look for parts that are new takes a millisecond, which a hand that drags would feel
_SHORT = {"neuron": _("A neuron")}  # in the row of topics


class LabRoom(Panel):
    """views: topic -> its view, of those that were seen so far"""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self.lab = session.lab
        self.views: dict[str, TopicView] = {}
        self.topics = Segments({topic: _SHORT.get(topic, TOPICS[topic]) for topic in VIEWS}, _("Topic of the lab"))
        self.topics.chosen.connect(self.lab.choose)
        self._ordered: tuple[TopicView | None, int] = (None, 0)  # the view that Tab was led through, and its parts
        self._ordering = QTimer(self)
        self._ordering.setSingleShot(True)
        self._ordering.setInterval(_REST_MS)
        self._ordering.timeout.connect(self._order_tabs)
        self._make_buttons()
        self._lay_out()
        self.lab.page_changed.connect(self._on_page_changed)
        self.lab.saved_changed.connect(self._show_name)
        self.lab.run_wanted.connect(self._on_run_wanted)
        session.client.ready_changed.connect(self._on_ready_changed)
        self._on_page_changed(self.lab.page)
        self._show_name()
        self.lab.recall()

    # Parts --------------------------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.copy = DoneButton(_("Copy as code"), _("Copied"), "copy")
        self.copy.setParent(self)  # it is shown and hidden before it stands in the title bar
        self.copy.clicked.connect(lambda _on=False: self.copy_code())
        self.more = QPushButton(_("Page"))
        self.more.setIcon(icons.icon("chevron-down"))
        self.more.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the word
        menu = QMenu(self.more)
        for text, do in (
            (_("New page"), lambda: orders.new(self.session)),
            (_("Open …"), lambda: orders.open_page(self.session, self.window())),
            (_("Save"), lambda: orders.save(self.session, self.window())),
            (_("Save as …"), lambda: orders.save_as(self.session, self.window())),
        ):
            menu.addAction(text).triggered.connect(lambda _on=False, do=do: do())
        self.more.setMenu(menu)

    def _lay_out(self) -> None:
        self.strip = QFrame(self)
        self.strip.setProperty("role", "notice")
        self.strip.setProperty("level", "info")
        row = QHBoxLayout(self.strip)
        row.setContentsMargins(16, 6, 12, 6)
        row.addWidget(QLabel(_("Nothing of this page has been computed yet.")), 1)
        self.run = QPushButton(_("Run the page"))
        self.run.setToolTip(_("Compute every line (Enter)"))
        self.run.clicked.connect(lambda _on=False: self.lab.run())
        row.addWidget(self.run)
        self.stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.stack, 1)

    def header_widgets(self) -> list[QWidget]:
        return [self.topics, self.copy, self.more]

    # The page -----------------------------------------------------------------------------------------------------

    @property
    def view(self) -> TopicView | None:
        """Of the page that is seen; None where its topic has none."""
        return self.views.get(self.lab.page.topic)

    def _on_page_changed(self, page: LabPage) -> None:
        topic = page.topic
        if topic not in VIEWS:
            self.stack.setCurrentIndex(-1)
            return
        if topic not in self.views:
            self.views[topic] = VIEWS[topic](self.lab, self.stack)
            self.stack.addWidget(self.views[topic])
            self.views[topic].drawn.connect(self._ordering.start)
        view = self.views[topic]
        self.topics.choose(topic)
        view.show_page(page.state)
        if self.stack.currentWidget() is not view:
            self.stack.setCurrentWidget(view)
        self._ordering.start()
        self.setFocusProxy(view if self.lab.is_running else self.run)
        self.copy.setVisible(bool(view.code()))
        self.strip.setVisible(not self.lab.is_running)
        if self.isVisible():
            view.ask_all()

    def _order_tabs(self) -> None:
        """Lead Tab through the view, if there are other parts than when it was done last."""
        view = self.view
        if view is not None:
            parts = len(view.findChildren(QWidget))
            if (view, parts) != self._ordered:
                self._ordered = view, parts
                order_tabs(view, self.run)

    def _on_run_wanted(self) -> None:
        had_focus = self.run.hasFocus()
        self.strip.hide()
        view = self.view
        if view is not None:
            self.setFocusProxy(view)
        if view is not None and self.isVisible():
            view.ask_all()
        if view is not None and had_focus:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_ready_changed(self) -> None:
        """A question to a workbench that was not there yet, or died, is asked again."""
        if self.session.client.ready and self.view is not None and self.isVisible():
            self.view.ask_all()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        if self.view is not None:
            self.view.ask_all()

    def _show_name(self) -> None:
        lab = self.lab
        text = lab.name if (lab.path or lab.page.title) and lab.name != TOPICS[lab.page.topic] else ""
        self.set_subtitle(_("{name}, edited").format(name=text) if text and lab.is_modified else text)

    def copy_code(self) -> None:
        """Put the page's script on the clipboard."""
        code = self.view.code() if self.view is not None else ""
        if isinstance(code, str):
            self._on_written(Written(code))
        else:
            self.lab.ask(code, self._on_written)

    def _on_written(self, answer: Told | Fault) -> None:
        if isinstance(answer, Written) and answer.script:
            QGuiApplication.clipboard().setText(answer.script)
            self.copy.say_done()
        elif isinstance(answer, Fault):
            self.lab.failed.emit(answer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter runs a page that has not run."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.lab.is_running:
            self.lab.run()
            return
        super().keyPressEvent(event)
