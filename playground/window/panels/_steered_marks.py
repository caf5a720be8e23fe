"""Lines on a plot where a setting was changed while the network learnt."""

from collections.abc import Sequence

from playground.core.messages import Steered
from playground.core.text import _
from playground.window.plots.graph import pg
from playground.window.plots.plot import Plot, cosmetic
from playground.window.theme import theme

MOST = 8  # the newest ones: somebody may turn a number step by step


class SteeredMarks:
    """A dashed line at each change, with what the setting is from there on."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._lines: list[tuple[pg.InfiniteLine, pg.TextItem]] = []

    def texts(self) -> list[str]:
        """What stands at the lines that are shown."""
        return [text.toPlainText() for line, text in self._lines if line.isVisible()]

    def show(self, changes: Sequence[Steered]) -> None:
        shown = _last_of_each_step(changes)[-MOST:]
        while len(self._lines) < len(shown):
            self._add()
        (left, right), (low, high) = self._plot.getViewBox().viewRange()
        for number, (line, text) in enumerate(self._lines):
            line.setVisible(number < len(shown))
            text.setVisible(number < len(shown))
            if number < len(shown):
                step, words = shown[number]
                line.setPos(step)
                text.setText(words)
                box = self._plot.getViewBox()
                behind = box.width() * (right - step) / (right - left)
                text.setAnchor((1 if behind < text.boundingRect().width() else 0, 0))
                # one below the other in turn: changes may follow each other closely
                text.setPos(step, high - (high - low) * 0.07 * (number % 4))

    def dress(self) -> None:
        for line, text in self._lines:
            line.setPen(cosmetic("text_quiet", dash=theme().tokens["dash"]["reference"]))
            text.setColor(theme().color("text_secondary"))
            text.setFont(theme().font("tick"))

    def _add(self) -> None:
        line, text = pg.InfiniteLine(angle=90, movable=False), pg.TextItem(anchor=(0, 0))
        for item in (line, text):
            self._plot.add(item)
        self._lines.append((line, text))
        self.dress()


def _last_of_each_step(changes: Sequence[Steered]) -> list[tuple[int, str]]:
    """(step, words): while a run rests, the same setting may be changed several times."""
    found: dict[tuple[int, str], Steered] = {(one.step, one.name): one for one in changes}
    titles = {"lr": _("learning rate"), "weight_decay": _("weight decay")}
    return [(one.step, f"{titles.get(one.name, one.name)} {one.after:g}") for one in found.values()]
