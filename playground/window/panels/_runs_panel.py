"""The panel of kept runs: the table, the curves over each other, the settings that differ, and the orders."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from playground.core.problem import Fault
from playground.core.text import _, plural
from playground.disk.kept_runs import Kept
from playground.window import dialogs
from playground.window.panels import _run_styles as styles
from playground.window.panels._fork_strip import ForkStrip
from playground.window.panels._runs_chart import OverlayChart, Shown
from playground.window.panels._runs_settings import SettingsView
from playground.window.panels._runs_table import RunsView
from playground.window.panels.base import Panel, hundredths, toggle
from playground.window.plots.axis import figure_text
from playground.window.plots.legend import GivingLabel
from playground.window.words import Words

FIRST_FACTOR = 0.9
FORK_KEY, OPEN_KEY, RENAME_KEY, DELETE_KEY, AGAIN_KEY = "Ctrl+Shift+F", "Ctrl+Return", "F2", "Del", "F5"


class RunsPanel(Panel):
    """run_requested: a Kept, which the window is to open

    The list itself is the session's (`session.run_list`); here is only which runs are shown in the chart.
    """

    run_requested = Signal(object)

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._stale = True
        self._followed = ""  # the run that was forked just now: both are shown as soon as the fork has a folder
        self.slots: dict[Path, int] = {}  # of the runs that are shown
        self.table, self.chart, self.settings = RunsView(), OverlayChart(FIRST_FACTOR), SettingsView()
        self.strip = ForkStrip(session)
        self._make_actions()
        self._lay_out()
        self.table.rows.slots = self.slots
        self.table.rows.toggled.connect(self.show_run)
        self.table.rows.renamed.connect(session.run_list.rename)
        self.table.selection_changed.connect(self._enable)
        self.table.installEventFilter(self)
        self.strip.begun.connect(self._on_fork)
        self.strip.closed.connect(self.table.setFocus)
        session.run_list.changed.connect(self._on_news)
        session.training.folder_made.connect(self._on_folder_made)
        session.carrying.begun.connect(self._follow)
        session.going_on.begun.connect(self._follow)
        self.setFocusProxy(self.table)
        self._enable()

    # Layout -------------------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.fork = self._action(
            _("Fork …"), FORK_KEY, _("Train on from a checkpoint, with something changed"), self._fork
        )
        tip = _("Open this run again: its project, its curves, and its network as it was left")
        self.open = self._action(_("Open"), OPEN_KEY, tip, self._open)
        self.rename = self._action(_("Rename"), RENAME_KEY, _("Give this run a name"), self.table.begin_rename)
        self.delete = self._action(_("Delete …"), DELETE_KEY, _("Delete the selected runs for good"), self._delete)
        text = _("Look for runs of other windows and of the command line")
        self.again = self._action(_("Read again"), AGAIN_KEY, text, self.session.run_list.refresh)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(
            lambda place: self._menu().popup(self.table.viewport().mapToGlobal(place))
        )

    def _action(self, text: str, keys: str, tip: str, do: Callable[[], Any]) -> QAction:
        action = QAction(text, self.table)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{tip} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        action.triggered.connect(lambda _checked=False: do())
        self.table.addAction(action)
        return action

    def _lay_out(self) -> None:
        below = QSplitter(Qt.Orientation.Horizontal)
        below.addWidget(self._chart_with_controls())
        below.addWidget(self.settings)
        whole = QSplitter(Qt.Orientation.Vertical)
        whole.addWidget(self.table)
        whole.addWidget(below)
        for splitter, shares in ((below, (3, 2)), (whole, (2, 3))):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            for place, share in enumerate(shares):
                splitter.setStretchFactor(place, share)
            splitter.setSizes([100 * share for share in shares])
        self.table.setMinimumHeight(84)
        self.chart.plot.setMinimumSize(120, 80)
        self.settings.setMinimumWidth(120)
        self.empty = QLabel(_("No run is kept yet. Press Train: every run is kept, with all its figures."), self.table)
        self.empty.setProperty("role", "quiet")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(whole, 1)

    def _chart_with_controls(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(8)
        self.heading = Words(
            "small", "text_secondary", text=_("Train loss by step; marks: validation loss, or test loss")
        )
        self.figure = QLabel(figure_text(FIRST_FACTOR))
        self.figure.setProperty("role", "small")
        self.figure.setMinimumWidth(28)
        row.addWidget(self.heading, 1)
        row.addWidget(GivingLabel(_("Smooth")))
        row.addWidget(hundredths(FIRST_FACTOR, _("Smoothing of the train losses"), self._set_factor))
        row.addWidget(self.figure)
        row.addWidget(
            toggle(_("Log"), _("Logarithmic axis: each line is ten times the one below"), True, self._set_log)
        )
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.chart, 1)
        return whole

    def header_widgets(self) -> list[QWidget]:
        return [_button(action) for action in (self.fork, self.open, self.rename, self.delete)]

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.fork, self.open])
        menu.addSeparator()
        menu.addActions([self.rename, self.delete])
        menu.addSeparator()
        menu.addAction(self.again)
        return menu

    # What is shown ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.session.run_list.refresh()

    def refresh(self) -> None:
        if self._stale:
            self._stale = False
            self._show_list()
        if not self.chart.show_runs(self._shown()):
            super().request_refresh()

    def request_refresh(self, *_ignored: Any) -> None:
        """Frames of a run change nothing here, unless it is in the chart."""
        if self._stale or self._live() in self.slots:
            super().request_refresh()

    def dress(self) -> None:
        self._stale = True
        self.table.measure()
        self.chart.dress()
        self.settings.dress()

    def show_run(self, run: Kept, shown: bool) -> None:
        """Lay a run over the others in the chart, or take it away."""
        if not shown:
            self.slots.pop(run.folder, None)
            self.session.run_list.forget_figures(but=self.slots)
        elif run.folder not in self.slots:
            free = [slot for slot in range(styles.MOST) if slot not in self.slots.values()]
            if not free:
                text = _("{n} runs lie over each other already").format(n=styles.MOST)
                self.session.notice(Fault(where=_("Runs"), what=text, fix=_("Untick one of them first")))
                return
            self.slots[run.folder] = free[0]
        self._on_news()

    def _on_news(self) -> None:
        self._stale = True
        super().request_refresh()

    def _show_list(self) -> None:
        runs = self.session.run_list.runs
        there = {*(one.folder for one in runs), self._live()}  # a run that has just begun is not listed yet
        if self.session.run_list.is_known:
            for folder in [one for one in self.slots if one not in there]:
                del self.slots[folder]
        self.table.show_runs(runs)
        self.table.rows.repaint()
        self.empty.setVisible(not runs and self.session.run_list.is_known)
        self.empty.setGeometry(self.table.rect())
        shown = self._in_chart()
        self.settings.show_runs(shown, [self.slots[one.folder] for one in shown])
        self.strip.look_again(self.session.run_list.of(self.strip.run.folder) if self.strip.run else None)
        self.chart.empty.setText(_("Tick runs above to lay their curves over each other.") if runs else "")
        self.chart.empty.setVisible(not shown)
        self.set_subtitle(plural("{n} run", "{n} runs", len(runs)) if runs else "")
        self._enable()

    def _in_chart(self) -> list[Kept]:
        """The runs that are shown, in the order in which they were ticked."""
        found = [self.session.run_list.of(folder) for folder in self.slots]
        return [one for one in found if one is not None]

    def _shown(self) -> list[Shown]:
        """What the chart draws; figures that are not read yet come later."""
        shown, training = [], self.session.training
        for run in self._in_chart():
            live = run.folder == self._live() and len(training.history.losses)
            figures = training.history if live else self.session.run_list.figures(run)
            if figures is not None:
                steered = training.history.steered if live else run.record.steered
                slot, at = self.slots[run.folder], run.record.parent_step if run.record.parent else None
                shown.append(Shown(run.folder, run.name, slot, figures.losses, figures.epochs, at, steered))
        return shown

    def _live(self) -> Path | None:
        """The run of this window, whose figures come with its frames."""
        folder = self.session.training.folder
        return Path(folder) if folder else None

    def _set_factor(self, factor: float) -> None:
        self.figure.setText(figure_text(factor))
        self.chart.set_factor(factor)
        self._on_news()

    def _set_log(self, on: bool) -> None:
        self.chart.set_logarithmic(on)
        self._on_news()

    # Orders -------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The space bar ticks what is selected, whatever the column."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space:
            chosen = self.table.chosen()
            tick = any(run.folder not in self.slots for run in chosen)
            for run in chosen:
                self.show_run(run, tick)
            return True
        return super().eventFilter(watched, event)

    def _enable(self) -> None:
        chosen = self.table.chosen()
        one = chosen[0] if len(chosen) == 1 else None
        self.rename.setEnabled(one is not None)
        self.open.setEnabled(one is not None and one.project is not None)
        self.fork.setEnabled(one is not None and bool(one.checkpoints))
        self.delete.setEnabled(any(not run.record.is_alive for run in chosen))

    def _open(self) -> None:
        self.run_requested.emit(self.table.chosen()[0])

    def _fork(self) -> None:
        self.strip.open_for(self.table.chosen()[0])

    def _on_fork(self, run: Kept, step: int) -> None:
        self.session.training.fork(run, step)
        self._follow(str(run.folder))

    def _follow(self, folder: str) -> None:
        self._followed = folder

    def _on_folder_made(self, folder: str) -> None:
        """Show a fork beside its parent from its first step on."""
        followed, self._followed = self._followed, ""
        for one in (followed, folder) if followed and folder else ():
            free = [slot for slot in range(styles.MOST) if slot not in self.slots.values()]
            if Path(one) not in self.slots and free:
                self.slots[Path(one)] = free[0]

    def _delete(self) -> None:
        chosen = [run for run in self.table.chosen() if not run.record.is_alive]
        megabytes = sum(run.bytes for run in chosen) / 1e6

        def on_answer(answer: str) -> None:
            if answer == "delete":
                self.session.run_list.delete(chosen)

        dialogs.ask_to_delete_runs(self.window(), [run.name for run in chosen], megabytes, on_answer)


def _button(action: QAction) -> QPushButton:
    """A button that does what an action does, and can be pressed when it can."""
    button = QPushButton(action.text())
    button.setToolTip(action.toolTip())
    button.clicked.connect(lambda _checked=False: action.trigger())

    def follow() -> None:
        button.setEnabled(action.isEnabled())

    action.changed.connect(follow)
    follow()
    return button
