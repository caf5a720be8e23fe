"""The run bar: the project, its data and device, the buttons that steer the run, and below them its figures.

What gives way in a narrow window, in this order: the words "Find a command", "steps/s", the suffix of the project, the
word "Speed", the words of Step and Stop (their icons stay), the buttons that find commands and reset the weights (their
keys stay), then names are shortened.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QIcon, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.text import _
from playground.disk import resources
from playground.session.session import Session
from playground.window import icons
from playground.window.run_chooser import DatasetChooser, DeviceChooser
from playground.window.run_facts import RunFacts
from playground.window.run_parts import FindButton, ProjectTitle
from playground.window.run_words import longer_words, what_goes_on
from playground.window.step_button import StepButton
from playground.window.theme import theme

TRAIN_KEY, STEP_KEY, EPOCH_KEY, STOP_KEY, RESET_KEY = "Ctrl+R", "F10", "Shift+F10", "Ctrl+.", "Ctrl+Alt+R"
FIND_KEY = "Ctrl+K"
SPEEDS: tuple[float | None, ...] = (None, 100.0, 10.0, 1.0)
_KEYS = QKeySequence.StandardKey


class RunBar(QWidget):
    """Both lines. It keeps no state of the run: buttons follow `training.state` and the newest report."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "surface")
        self.line = FirstLine(session)
        self.facts = RunFacts(session)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        rule = QFrame()
        rule.setProperty("role", "hairline")
        column.addWidget(rule)
        column.addWidget(self.facts)
        theme().changed.connect(self._on_theme_changed)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.line.height() + 1 + self.facts.height())

    def _on_theme_changed(self) -> None:
        self.line.on_theme_changed()
        self.facts.on_theme_changed()


class FirstLine(QWidget):
    """Project, data set, device, the buttons of the run, speed and theme."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._given_for: list[int] = []
        self._main_width = 0
        self.mark = QLabel()
        self.title = ProjectTitle(session)
        self.dataset, self.device = DatasetChooser(session), DeviceChooser(session)
        self._make_buttons()
        self._make_speed()
        self._lay_out()
        self._connect()
        self.on_theme_changed()
        self.refresh()

    # Parts --------------------------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        training, stack = self._session.training, self._session.undoing
        self.undo = _quiet_button("undo", stack.undo)
        self.redo = _quiet_button("redo", stack.redo)
        self.find_button = FindButton(_native(FIND_KEY))
        self.theme_button = _quiet_button("moon", _toggle_theme)
        self.main = QPushButton()
        self.main.clicked.connect(self._on_main)
        self.stop = _worded_button("stop", _("Stop"), training.stop)
        self.reset = _quiet_button("refresh", training.reset)
        self.main_action = self._action(_("Train"), TRAIN_KEY, self.main.click)
        self.step_action = self._action(_("One step"), STEP_KEY, lambda: training.step())
        self.epoch_action = self._action(_("One epoch"), EPOCH_KEY, lambda: training.step_epoch())
        self.steps = StepButton(self._session, self.step_action, self.epoch_action)
        self.step = self.steps.button
        self.stop_action = self._action(_("Stop"), STOP_KEY, self.stop.click)
        self.reset_action = self._action(_("Reset the weights"), RESET_KEY, training.reset)
        self.carry_action = self._action(_("Go on with the changed network"), "", self._session.carrying.go_on)
        self.longer_action = self._action(_("Go on for more epochs"), "", self._session.going_on.go_on)

    def run_actions(self) -> list[QAction]:
        """What steers the run, for menus; each has its shortcut."""
        steering = [self.main_action, self.step_action, self.epoch_action, self.stop_action]
        return [*steering, self.reset_action, self.longer_action, self.carry_action]

    def _action(self, text: str, keys: str, do: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.setAutoRepeat(keys == STEP_KEY)
        action.triggered.connect(lambda _checked=False: do())
        self.addAction(action)
        return action

    def _make_speed(self) -> None:
        self.speed_label, self.unit_label = QLabel(_("Speed")), QLabel(_("steps/s"))
        self.speeds = QFrame()
        self.speeds.setProperty("role", "segments")
        row = QHBoxLayout(self.speeds)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self.speed_group = QButtonGroup(self)
        for number, speed in enumerate(SPEEDS):
            button = QToolButton()
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.setText(_("Full") if speed is None else f"{speed:.0f}")
            tip = _("As fast as it can") if speed is None else _("{n} steps a second").format(n=f"{speed:.0f}")
            button.setToolTip(tip)
            button.setAccessibleName(_("Speed: {what}").format(what=tip))
            self.speed_group.addButton(button, number)
            row.addWidget(button)
        self.speed_group.idClicked.connect(lambda number: self._session.training.set_speed(SPEEDS[number]))
        self._session.training.speed_changed.connect(self._show_speed)
        self._show_speed()
        for label in (self.speed_label, self.unit_label):
            label.setProperty("role", "secondary")

    def _show_speed(self) -> None:
        """The button of the speed that a run has; none where it is none of ours."""
        speed = self._session.training.speed
        self.speed_group.setExclusive(False)  # an exclusive group does not let go of its last button
        for button, one in zip(self.speed_group.buttons(), SPEEDS, strict=True):
            button.setChecked(one == speed)
        self.speed_group.setExclusive(True)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.mark)
        row.addSpacing(4)
        row.addWidget(self.title)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        for chooser in (self.dataset, self.device):
            row.addWidget(chooser)
        row.addSpacing(8)
        for button in (self.main, self.steps, self.stop, self.reset):
            row.addWidget(button)
        row.addSpacing(8)
        for widget in (self.speed_label, self.speeds, self.unit_label):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        row.addWidget(self.find_button)
        row.addWidget(self.theme_button)

    def _connect(self) -> None:
        session = self._session
        stack = session.undoing
        stack.canUndoChanged.connect(self.undo.setEnabled)
        stack.canRedoChanged.connect(self.redo.setEnabled)
        stack.undoTextChanged.connect(self._show_undo_text)
        stack.redoTextChanged.connect(self._show_redo_text)
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        self._show_undo_text(stack.undoText())
        self._show_redo_text(stack.redoText())
        session.training.state_changed.connect(self.refresh)
        session.training.history_reset.connect(self.refresh)
        session.client.report_changed.connect(self.refresh)
        session.carrying.changed.connect(self.refresh)
        session.going_on.changed.connect(self.refresh)

    # Narrow windows -----------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())  # it gives way; the window decides how narrow it gets

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.give_way()

    def event(self, event: QEvent) -> bool:
        """A longer name or another data set may need the room of something else."""
        if event.type() == QEvent.Type.LayoutRequest and self._wanted() != self._given_for:
            self.give_way()
        return super().event(event)

    def _wanted(self) -> list[int]:
        """Widths of what may become longer by itself."""
        return [one.sizeHint().width() for one in (self.title, self.dataset, self.device, self.steps)]

    def give_way(self) -> None:
        """Drop what there is no room for, in the order that the module says."""
        self.find_button.setVisible(True)
        self.reset.setVisible(True)
        self.find_button.show_words(True)
        self.unit_label.setVisible(True)
        self.speed_label.setVisible(True)
        self.title.show_suffix(True)
        self._show_words(True)
        for drop in (
            lambda: self.find_button.show_words(False),
            lambda: self.unit_label.setVisible(False),
            lambda: self.title.show_suffix(False),
            lambda: self.speed_label.setVisible(False),
            lambda: self._show_words(False),
            lambda: self.find_button.setVisible(False),
            lambda: self.reset.setVisible(False),
        ):
            if self.layout().totalSizeHint().width() <= self.width():
                break
            drop()
        self._given_for = self._wanted()

    def _show_words(self, shown: bool) -> None:
        self.layout().setSpacing(8 if shown else 4)
        self.main.setFixedWidth(self._main_width - (0 if shown else 12))
        self.steps.show_words(shown)
        self.stop.setText(_("Stop") if shown else "")

    # State --------------------------------------------------------------------------------------------------------

    def refresh(self, *_news: object) -> None:
        """Buttons as the state of the run and the newest report allow."""
        state = self._session.training.state
        reason = self._reason_not_to_train()
        may_begin = state in ("idle", "finished", "failed") and not reason
        words, icon = {
            "running": (_("Pause"), "pause"),
            "stopping": (_("Pause"), "pause"),
            "preparing": (_("Pause"), "pause"),
            "paused": (_("Resume"), "play"),
        }.get(state, (_("Train"), "play"))
        is_main = may_begin or state == "paused"
        self.main.setText(words)
        self.main.setEnabled(may_begin or state in ("running", "paused"))
        self.main.setIcon(icons.icon(icon, "on_accent" if is_main else "text"))
        _set_kind(self.main, "main" if is_main else "")
        idle = state in ("idle", "finished", "failed")
        self.steps.allow(may_begin or state == "paused", reason if idle else "")
        self.stop.setEnabled(state in ("preparing", "running", "paused"))
        self.main_action.setText(words)
        self.main_action.setEnabled(self.main.isEnabled())
        self.stop_action.setEnabled(self.stop.isEnabled())
        self.reset.setEnabled(self._session.training.project is not None and state != "stopping")
        self.reset_action.setEnabled(self.reset.isEnabled())
        self.carry_action.setEnabled(self._session.carrying.offer is not None)
        longer = self._session.going_on.offer
        self.longer_action.setEnabled(longer is not None)
        self.longer_action.setText(longer_words(longer) if longer else _("Go on for more epochs"))
        self.longer_action.setToolTip(what_goes_on(longer) if longer and not longer.same else "")
        _describe(self.main, words, reason if idle and reason else words, TRAIN_KEY)
        _describe(self.stop, _("Stop"), _("Stop the run; its figures stay"), STOP_KEY)
        reset_tip = _("Back to the first weights: the curves are cleared, the run stays kept")
        _describe(self.reset, _("Reset the weights"), reset_tip, RESET_KEY)

    def _reason_not_to_train(self) -> str:
        report = self._session.client.report
        if report is None or report.fits:
            return ""
        row = next((row for row in report.rows if row.error is not None), None)
        if row is not None and row.error is not None:
            return _("Row {n} does not fit: {sentence}").format(n=row.index, sentence=row.error.sentence)
        return str(report.faults[0])

    def _show_undo_text(self, what: str) -> None:
        _describe(self.undo, _("Undo"), _("Undo {what}").format(what=what).strip(), _standard(_KEYS.Undo))

    def _show_redo_text(self, what: str) -> None:
        _describe(self.redo, _("Redo"), _("Redo {what}").format(what=what).strip(), _standard(_KEYS.Redo))

    def _on_main(self) -> None:
        training = self._session.training
        match training.state:
            case "running":
                training.pause()
            case "paused":
                training.resume()
            case _:
                training.start()

    def on_theme_changed(self) -> None:
        """Take the sizes, colours and fonts of now."""
        dark = theme().name == "dark"
        self.setFixedHeight(theme().size("run_bar"))
        mark = QIcon(str(resources.path("icons", "playground.svg")))  # the program's own mark keeps its colours
        self.mark.setPixmap(mark.pixmap(QSize(24, 24), self.devicePixelRatioF()))
        self.theme_button.setIcon(icons.icon("sun" if dark else "moon", "text_secondary"))
        _describe(self.theme_button, _("Theme"), _("Light theme") if dark else _("Dark theme"), "")
        metrics = QFontMetrics(theme().font(weight="medium"))
        widest = max(metrics.horizontalAdvance(word) for word in (_("Train"), _("Pause"), _("Resume")))
        self._main_width = widest + 16 + 6 + 40
        for quiet in (self.undo, self.redo, self.reset, self.theme_button):
            quiet.setFixedSize(theme().size("hit_min") + 6, theme().size("hit_min"))
        for button in self.speed_group.buttons():
            button.setFixedWidth(max(theme().size("hit_min"), metrics.horizontalAdvance(button.text()) + 18))
        self.find_button.dress()
        self.steps.dress()
        self.title.refresh()
        self.give_way()


def _toggle_theme() -> None:
    theme().set("light" if theme().name == "dark" else "dark")


def _quiet_button(icon: str, do: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "quiet")
    button.setIcon(icons.icon(icon, "text_secondary"))
    button.clicked.connect(lambda _checked=False: do())
    return button


def _worded_button(icon: str, words: str, do: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.setIcon(icons.icon(icon))
    button.clicked.connect(lambda _checked=False: do())
    return button


def _set_kind(button: QPushButton, kind: str) -> None:
    """The look of a button; a style sheet must be told that a property changed."""
    if button.property("kind") != kind:
        button.setProperty("kind", kind)
        button.style().unpolish(button)
        button.style().polish(button)


def _describe(button: QWidget, name: str, tip: str, keys: str) -> None:
    button.setAccessibleName(name)
    button.setToolTip(f"{tip} ({_native(keys)})" if keys else tip)


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _standard(key: QKeySequence.StandardKey) -> str:
    return QKeySequence(key).toString()
