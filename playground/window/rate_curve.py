"""The learning rate over a run that has not begun yet, drawn small in the form."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.arguments import in_effect
from playground.core.optimizers import OPTIMIZERS
from playground.core.recipe import Recipe
from playground.core.schedules import rate_of
from playground.core.spec import Place
from playground.core.text import _
from playground.window.theme import theme

_STEPS = 50  # drawn of an epoch: before the data are read nobody knows how many it has
_POINTS = 400
_HEIGHT = 74


class RateCurve(QWidget):
    """Hidden where the learning rate stays. rates: (epoch, rate), what is drawn"""

    def __init__(self) -> None:
        super().__init__()
        self.rates: list[tuple[float, float]] = []
        self._recipe: Recipe | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(200, round(_HEIGHT * theme().text_scale))

    def show_recipe(self, recipe: Recipe) -> bool:
        """Draw the curve of a recipe. Whether it has come or gone with it."""
        if recipe == self._recipe:
            return False
        self._recipe, before = recipe, not self.isHidden()
        self.rates = rates_of(recipe)
        self.setVisible(bool(self.rates))
        if self.rates:
            high, low = max(rate for _epoch, rate in self.rates), min(rate for _epoch, rate in self.rates)
            said = _("The learning rate begins at {first:g}, is at most {high:g} and at least {low:g}")
            self.setAccessibleName(said.format(first=self.rates[0][1], high=high, low=low))
        self.update()
        return before != bool(self.rates)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.rates:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("tick"))
        line = painter.fontMetrics().height()
        area = QRect(16, line + 2, self.width() - 28, self.height() - 2 * line - 8)
        high, last = max(rate for _epoch, rate in self.rates), self.rates[-1][0]
        painter.setPen(QPen(theme().color("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        points = [
            QPointF(area.left() + area.width() * epoch / last, area.bottom() - area.height() * rate / high)
            for epoch, rate in self.rates
        ]
        painter.setPen(QPen(theme().color("accent"), theme().tokens["line_width"]["sparkline"]))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(theme().color("text_quiet"))
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        above = QRect(area.left(), 0, area.width(), line)
        below = QRect(area.left(), area.bottom() + 4, area.width(), line)
        painter.drawText(above, left, _("learning rate, at most {rate:g}").format(rate=high))
        painter.drawText(above, right, _("at the end {rate:g}").format(rate=self.rates[-1][1]))
        painter.drawText(below, left, _("epoch 0"))
        painter.drawText(below, right, f"{round(last)}")


def rates_of(recipe: Recipe) -> list[tuple[float, float]]:
    """(epoch, learning rate) over the run; empty where it stays, or depends on what is learnt, or an argument is wrong."""
    rate, optimizer = rate_of(recipe), OPTIMIZERS.get(recipe.optimizer_name)
    if rate is None or optimizer is None or recipe.schedule_name == "Plateau":
        return []
    base = in_effect(optimizer.arguments, recipe.optimizer_arguments, None)["lr"]
    steps = _STEPS * recipe.epochs
    each = max(1, steps // _POINTS)
    try:
        places = [*range(0, steps, each), steps - 1]
        rates = [(step / _STEPS, rate(base, Place(step, _STEPS, recipe.epochs))) for step in places]
    except (ArithmeticError, TypeError, ValueError):  # an argument that is out of its range; the check names it
        return []
    return rates if max(one for _epoch, one in rates) > 0 else []
