"""A switch between the drawing and the sample of the test part that was looked at before."""

from typing import Any

from playground.core.drawing import DRAWING, Chosen
from playground.window.panels.base import Toggle


class UseDrawing(Toggle):
    """Down while the drawing is what pictures show."""

    def __init__(self, session: Any, text: str, tip: str) -> None:
        document = session.document
        super().__init__(text, tip, document.sample == DRAWING, self._use)
        self._document = document
        self._last = document.sample if isinstance(document.sample, int) else 0
        document.sample_changed.connect(self._on_sample)

    def _use(self, on: bool) -> None:
        self._document.set_sample(DRAWING if on else self._last)

    def _on_sample(self, sample: Chosen) -> None:
        if isinstance(sample, int):
            self._last = sample
        before = self.blockSignals(True)
        self.setChecked(sample == DRAWING)
        self.blockSignals(before)
