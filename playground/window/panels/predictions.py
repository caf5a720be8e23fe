"""Predictions one by one: the surest mistakes, all samples, or those of a cell of the confusion matrix."""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from playground.core.messages import Picture, Watch
from playground.core.spec import DatasetSpec, PanelSpec
from playground.core.text import _
from playground.session.evaluating import PAGE, Which, has_result
from playground.session.history import numbers
from playground.window import icons, result_orders
from playground.window.data.segments import Segments
from playground.window.icon_button import icon_button
from playground.window.panels.base import Panel
from playground.window.theme import theme

if TYPE_CHECKING:
    from playground.window.panels._prediction_tiles import PredictionTiles

READ_MS = 200  # predictions are read, not watched: while a run goes on they stay for so long at least
WHICH = {"mistakes": _("Mistakes"), "all": _("All"), "cell": _("Cell")}


class PredictionsPanel(Panel):
    """What `session.evaluating` looks at, page by page. Its inside is made when it is seen first."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._tiles: PredictionTiles | None = None
        self._drawn: tuple[Any, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        evaluating = session.evaluating
        self.which = Segments(WHICH, _("Samples to look at"))
        self.which.chosen.connect(lambda key: evaluating.choose(which_of(key)))
        self.span = QLabel()
        self.span.setProperty("role", "small")
        self.before = self._arrow("chevron-left", _("The samples before"), -PAGE)
        self.after = self._arrow("chevron-right", _("The next samples"), PAGE)
        self.save_button = QToolButton()
        self.save_button.setProperty("kind", "icon")
        self.save_button.setIcon(icons.icon("save", "text_secondary"))
        self.save_button.setAccessibleName(_("Save as PNG"))
        self.save_button.setToolTip(_("Save as PNG …"))
        self.save_button.setFixedSize(theme().size("hit_min"), theme().size("hit_min"))
        self.save_button.clicked.connect(lambda: result_orders.save_png(session, self, _("predictions")))
        self._pages = QWidget()
        row = QHBoxLayout(self._pages)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for widget in (self.span, self.before, self.after):
            row.addWidget(widget)
        self._reading = QTimer(self, singleShot=True, interval=READ_MS)
        self._reading.timeout.connect(self.request_refresh)
        evaluating.changed.connect(self.rewatch)
        session.looking.changed.connect(self.request_refresh)

    @property
    def tiles(self) -> "PredictionTiles":
        """The inside."""
        if self._tiles is None:
            from playground.window.panels._prediction_tiles import PredictionTiles

            self._tiles = PredictionTiles()
            self._tiles.chosen.connect(self._choose_sample)
            self._column.addWidget(self._tiles)
        return self._tiles

    def header_widgets(self) -> list[QWidget]:
        return [self._pages, self.which, self.save_button]

    def watches(self) -> tuple[Watch, ...]:
        return (self.session.evaluating.watch,)

    def on_frame(self, *_ignored: Any) -> None:
        """Frames come thirty times a second; what was asked for meanwhile (another page, a cell) is drawn at once."""
        picture = self.session.evaluating.picture
        if picture is None or self.session.training.state != "running" or picture.watch.key not in self._drawn[:1]:
            self.request_refresh()
        elif self.isVisible() and not self._reading.isActive():
            self._reading.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._reading.stop()
        super().hideEvent(event)

    def refresh(self) -> None:
        self._reading.stop()
        picture = self.session.evaluating.picture
        known = picture is not None and has_result(picture) and "numbers" in picture.arrays
        self._show_controls(picture if known else None)
        self.save_button.setEnabled(known)
        if picture is None or not known:
            self._show_nothing(picture)
            return
        self._show(picture)
        self._leave_empty_page(picture)
        self._describe(picture)

    def _show(self, picture: Picture) -> None:
        from playground.window.panels._predictions import predictions_of

        spec = self.session.looking.dataset
        samples = self._samples(picture, spec)
        arrays = [picture.arrays.get(name) for name in ("numbers", "inputs", "probabilities", "predicted_of", "labels")]
        drawn = (picture.watch.key, *arrays, picture.facts.get("classes"), spec, samples is None)
        if drawn != self._drawn:
            turned, self._drawn = drawn[:1] != self._drawn[:1], drawn
            shown = samples if samples is not None else numbers(picture.arrays["inputs"])
            predictions = predictions_of(picture, spec)
            self.tiles.show_predictions(predictions, shown, spec, turned) if predictions else self.tiles.show_message(
                _("No mistakes: every sample is right.") if self._looks_at(picture) == "mistakes" else _("No samples.")
            )
        is_test = picture.facts["part"] == "test"
        sample = self.session.document.sample
        self.tiles.mark(sample if is_test and isinstance(sample, int) else None)

    def _samples(self, picture: Picture, spec: DatasetSpec | None) -> np.ndarray | None:
        """The rows of a table as they are stored, once they are known: as the network gets them they tell little."""
        if spec is None or spec.kind not in ("table", "plane") or picture.facts.get("stored"):
            return None
        if not self.session.training.shows_run:
            return None
        from playground.window.data.table import MOST_ROWS

        chosen = numbers(picture.arrays["numbers"])
        answer = self.session.looking.samples(picture.facts["part"], 0, MOST_ROWS, True)
        if answer is None or not len(chosen) or chosen.max() >= answer.inputs.shape[0]:
            return None
        rows: np.ndarray = numbers(answer.inputs)[chosen]
        return rows

    def _show_nothing(self, picture: Picture | None) -> None:
        from playground.window.panels._evaluation_words import why_empty

        self._drawn = ()
        self.set_subtitle("")
        if picture is not None and has_result(picture):
            self.tiles.show_message(_("Predictions are shown where the network gives one output for each class."))
        else:
            self.tiles.show_message(why_empty(self.session, picture))

    def _show_controls(self, picture: Picture | None) -> None:
        evaluating = self.session.evaluating
        self.which.choose(evaluating.which)
        self.which.offer("cell", evaluating.cell is not None)
        self.which.setVisible(picture is not None)
        self._pages.setVisible(picture is not None)
        if picture is None:
            return
        classes = picture.facts.get("classes")
        self.which.say("mistakes", _("Mistakes") if classes else _("Largest errors"))
        if evaluating.cell is not None and classes and max(evaluating.cell) < len(classes):
            true, predicted = (_short(classes[one]) for one in evaluating.cell)
            self.which.say("cell", f"{true} → {predicted}")
        first, total = int(picture.watch.options.get("first", 0)), int(picture.facts["total"])
        shown = picture.arrays["numbers"].shape[0]
        span = _("{first:,} to {last:,} of {total:,}") if shown else _("0 of {total:,}")
        self.span.setText(span.format(first=first + 1, last=first + shown, total=total))
        self.before.setEnabled(evaluating.first > 0)
        self.after.setEnabled(evaluating.first + PAGE < total)

    def _leave_empty_page(self, picture: Picture) -> None:
        """Fewer samples than before: the page may lie behind their end."""
        first, total = int(picture.watch.options.get("first", 0)), int(picture.facts["total"])
        if first and first == self.session.evaluating.first and first >= total:
            self.session.evaluating.turn_to(max(0, (total - 1) // PAGE * PAGE))

    def _describe(self, picture: Picture) -> None:
        facts, which = picture.facts, self._looks_at(picture)
        figures = {"total": facts["total"], "samples": facts["samples"]}
        if which == "all":
            self.set_subtitle(_("all {samples:,} samples, in their order").format(**figures))
        elif which == "cell":
            true, predicted = (facts["classes"][one] for one in picture.watch.options["cell"])
            text = _("{total:,} of class {true} taken for {predicted}")
            self.set_subtitle(text.format(true=true, predicted=predicted, **figures))
        elif "classes" in facts:
            self.set_subtitle(_("{total:,} of {samples:,} wrong, the surest first").format(**figures))
        else:
            self.set_subtitle(_("{samples:,} samples, the largest difference first").format(**figures))

    @staticmethod
    def _looks_at(picture: Picture) -> str:
        return str(picture.watch.options.get("which", "mistakes"))

    def _choose_sample(self, number: int) -> None:
        """Let feature maps and rows show it, too: they look at the test part."""
        if self.session.evaluating.part == "test":
            self.session.document.set_sample(number)

    def _arrow(self, icon: str, tip: str, by: int) -> QToolButton:
        evaluating = self.session.evaluating
        return icon_button(icon, tip, lambda: evaluating.turn_to(max(0, evaluating.first + by)))


def which_of(key: str) -> Which:
    """The samples that a choice stands for."""
    return "cell" if key == "cell" else "all" if key == "all" else "mistakes"


def _short(name: str, most: int = 12) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


SPEC = PanelSpec(
    name="predictions",
    title=_("Predictions"),
    make=PredictionsPanel,
    room="results",
    area="bottom",
    order=20,
    lab=("neuron",),
)
