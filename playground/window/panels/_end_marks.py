"""Lines on the plot of the loss: where a run ended before its time, and its best epoch."""

from PySide6.QtGui import QFontMetrics

from playground.core.text import _
from playground.session.history import History
from playground.window.plots.graph import pg
from playground.window.plots.plot import Plot, cosmetic
from playground.window.theme import theme


class EndMarks:
    """end: None where the run goes on, or did all its epochs;  best: None where it is not looked for"""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self.end, self.best = _Mark(plot), _Mark(plot)
        self.dress()

    def texts(self) -> list[str]:
        """What stands at the lines that are shown."""
        return [mark.text.toPlainText() for mark in (self.best, self.end) if mark.line.isVisible()]

    def show(self, history: History, steps: int, stopped: bool, waits: bool) -> None:
        """steps: that were done;  stopped: somebody, or a fault, ended the run;  waits: it stops by itself"""
        (left, right), (low, high) = self._plot.getViewBox().viewRange()
        words = ""
        if stopped or history.stopped_early:
            words = _("stopped\nstep {step:,}").format(step=steps)
            if history.stopped_early:
                words = _("stopped by itself\nstep {step:,}").format(step=steps)
        self.end.show(words, steps, high, is_left=steps > left + 0.8 * (right - left))
        best = history.best
        if best is None or not (waits or history.weights_epoch):
            self.best.show("", 0, high)
            return
        # below what stands at the end, which may be near
        down = (high - low) * 2.2 * QFontMetrics(theme().font("tick")).height() / max(1, self._plot.height())
        is_left = best.step > left + 0.5 * (right - left)
        self.best.show(_("best: epoch {n:,}").format(n=best.epoch), best.step, high - down, is_left=is_left)

    def dress(self) -> None:
        for mark in (self.end, self.best):
            mark.dress()


class _Mark:
    """A dashed line, and words beside it. is_left: on which side they stand"""

    def __init__(self, plot: Plot) -> None:
        self.line, self.text = pg.InfiniteLine(angle=90, movable=False), pg.TextItem(anchor=(0, 0))
        for item in (self.line, self.text):
            item.setZValue(5)  # above the curves
            item.hide()
            plot.add(item)

    def show(self, words: str, step: int, top: float, is_left: bool = False) -> None:
        self.line.setVisible(bool(words))
        self.text.setVisible(bool(words))
        if words:
            self.line.setPos(step)
            self.text.setText(words)
            self.text.setAnchor((1 if is_left else 0, 0))
            self.text.setPos(step, top)

    def dress(self) -> None:
        self.line.setPen(cosmetic("text_quiet", dash=theme().tokens["dash"]["reference"]))
        self.text.setColor(theme().color("text_secondary"))
        self.text.setFont(theme().font("tick"))
        self.text.fill = pg.mkBrush(theme().color("surface"))  # where there is little height it lies over the curves
        self.text.update()
