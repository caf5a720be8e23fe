"""Where a GPU starts to win: a step of this network on every device, over batch sizes and widths."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from playground.core.comparison import Comparison, Sweep, sentences
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.window.data.segments import Segments
from playground.window.panels._devices_chart import ComparisonChart
from playground.window.panels.base import Panel

SWEEPS: dict[Sweep, str] = {"batch": _("Batch"), "width": _("Width")}
FIGURES = {"rate": _("Samples/s"), "time": _("Time")}


class DevicesPanel(Panel):
    """It measures only when somebody asks for it, in a process of its own, and never beside a run."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._stale = True
        self.chart = ComparisonChart()
        self.said, self.notes = QLabel(), QLabel()
        for label, role in ((self.said, "secondary"), (self.notes, "quiet")):
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setContentsMargins(16, 8, 16, 0)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.setAccessibleName(_("Progress of the measurement"))
        self._empty = QLabel(self.chart.plot)
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton(_("Measure"))
        self.button.clicked.connect(lambda _checked=False: self._on_button())
        self.sweeps = Segments({str(key): title for key, title in SWEEPS.items()}, _("Sizes to compare over"))
        self.figures = Segments(FIGURES, _("Figure to compare"))
        self.sweeps.chosen.connect(self._show_sweep)
        self.figures.chosen.connect(self._show_figure)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(8)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        column.addWidget(self.chart, 1)
        column.addWidget(self.notes)
        session.comparison.changed.connect(self._on_news)
        session.client.devices_changed.connect(self._on_news)

    def header_widgets(self) -> list[QWidget]:
        for choice in (self.sweeps, self.figures):
            choice.setToolTip(_("What the lines are drawn over, and what they tell"))
        return [self.sweeps, self.figures, self.button]

    def refresh(self) -> None:
        if not self._stale:
            return
        self._stale = False
        comparison = self.session.comparison
        found, measuring = comparison.found, comparison.state == "measuring"
        self.progress.setVisible(measuring)
        self.progress.setRange(0, max(1, comparison.total))
        self.progress.setValue(comparison.done)
        self._show_button(measuring)
        self.said.setText("\n".join(self._sentences()))
        self.said.setVisible(bool(self.said.text()))
        self.notes.setText("\n".join(self._notes()))
        self.chart.show_comparison(found or Comparison())
        self._show_empty(measuring)
        self.set_subtitle(self._age())

    def request_refresh(self, *_ignored: Any) -> None:
        """Frames of a run change nothing here."""
        if self._stale:
            super().request_refresh()

    def rewatch(self, *_ignored: Any) -> None:
        self._stale = True
        super().rewatch()

    def dress(self) -> None:
        self._stale = True
        self.chart.dress()

    def _on_news(self) -> None:
        self._stale = True
        super().request_refresh()

    def _on_button(self) -> None:
        comparison = self.session.comparison
        if comparison.state == "measuring":
            comparison.cancel()
        else:
            comparison.start()

    def _show_button(self, measuring: bool) -> None:
        comparison = self.session.comparison
        self.button.setText(_("Cancel") if measuring else _("Measure"))
        tip = _("Stop; what was measured stays") if measuring else _("Time steps of this network, for about 20 s")
        self.button.setToolTip(tip if measuring else comparison.refusal or tip)
        self.button.setEnabled(measuring or comparison.can_start)

    def _show_empty(self, measuring: bool) -> None:
        text = _(
            "Press Measure: steps of this network are timed on every device and number of threads, for about 20 s. "
            "The window stays free meanwhile."
        )
        self._empty.setText(_("Measuring…") if measuring else text)
        found = self.session.comparison.found
        self._empty.setVisible(found is None or not found.timings)
        self._empty.setGeometry(self.chart.plot.rect().adjusted(24, 0, -24, 0))

    def _sentences(self) -> list[str]:
        comparison = self.session.comparison
        said = [str(comparison.fault)] if comparison.fault is not None else []
        if comparison.state == "measuring":
            return said
        if comparison.found is not None:
            said += sentences(comparison.found, self.chart.sweep)
        if comparison.state == "cancelled":
            said.append(_("It was stopped early; larger sizes are missing."))
        return said

    def _notes(self) -> list[str]:
        """Devices with their memory; why others cannot be used."""
        found, devices = self.session.comparison.found, self.session.client.devices
        usable = [
            _("{title}, {gib:.1f} GiB").format(title=one.title, gib=one.memory / 2**30)
            for one in devices
            if not one.reason
        ]
        reasons = [
            _("{title}: {reason}.").format(title=one.title, reason=one.reason) for one in devices if one.reason
        ]  # fmt: skip
        return [" · ".join(usable), *(found.notes if found is not None else [" ".join(reasons)])]

    def _age(self) -> str:
        comparison = self.session.comparison
        if comparison.state == "measuring":
            return _("{done} of {total} timings").format(done=comparison.done, total=comparison.total or "…")
        if comparison.found is not None and not comparison.is_current:
            return _("measured before the last edit")
        return ""

    def _show_sweep(self, chosen: str) -> None:
        self.chart.sweep = next(sweep for sweep in SWEEPS if sweep == chosen)
        self._draw()

    def _show_figure(self, chosen: str) -> None:
        self.chart.by_time = chosen == "time"
        self._draw()

    def _draw(self) -> None:
        self.chart.show_comparison(self.session.comparison.found or Comparison())
        self._on_news()


SPEC = PanelSpec(name="devices", title=_("Where does a GPU start to win?"), make=DevicesPanel, room="devices", order=10)
