"""What comes of a mistake: the losses as they are, and as they are with it, as two curves and a sentence."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.core.text import _, plural
from playground.window.plots.axis import figure_text
from playground.window.plots.labels import spread
from playground.window.theme import theme

_LEFT, _ABOVE, _BELOW, _NAMES = 52, 8, 20, 128  # px around the curves
_MANY_TIMES = 30.0  # so many times the lowest, and the scale is logarithmic


def short(value: float) -> str:
    """A loss in few signs: 0.123, 72,832, 1.2·10⁷."""
    return f"{value:,.0f}" if 1_000 <= value < 1e6 else figure_text(value, 3)


class TwoCurves(QWidget):
    """names: of the two curves, the right one first;  below: what is counted from left to right"""

    def __init__(self, names: tuple[str, str], below: str) -> None:
        super().__init__()
        self._names, self._below = names, below
        self.curves: tuple[np.ndarray, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_curves(self, right: np.ndarray, changed: np.ndarray) -> None:
        self.curves = (right, changed)
        both = zip(self._names, self.curves, strict=True)
        self.setAccessibleName(", ".join(f"{name} {short(float(line[-1]))}" for name, line in both if len(line)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, round(112 * theme().text_scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        finite = [line[np.isfinite(line)] for line in self.curves]
        if not any(len(line) for line in finite):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("tick"))
        room = QRectF(_LEFT, _ABOVE, max(8.0, self.width() - _LEFT - _NAMES), self.height() - _ABOVE - _BELOW)
        low, high = min(line.min() for line in finite if len(line)), max(line.max() for line in finite if len(line))
        logarithmic = low > 0 and high / low > _MANY_TIMES
        span = (math.log10(low), math.log10(high)) if logarithmic else (float(low), float(high))
        if span[1] - span[0] < 1e-9:
            span = span[0] - 0.5, span[1] + 0.5
        self._draw_axes(painter, room, span, logarithmic)
        ends = [self._draw(painter, room, span, logarithmic, number) for number in range(len(self.curves))]
        self._name(painter, room, ends)
        painter.end()

    def _draw_axes(self, painter: QPainter, room: QRectF, span: tuple[float, float], logarithmic: bool) -> None:
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for share in (0.0, 0.5, 1.0):
            y = room.bottom() - share * room.height()
            painter.setPen(QPen(theme().color("plot_grid" if share else "line_strong"), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            exact = span[0] + share * (span[1] - span[0])
            painter.setPen(theme().color("text_quiet"))
            text = short(10.0**exact if logarithmic else exact)
            painter.drawText(QRectF(0, y - 8, _LEFT - 6, 16), flags, text)
        count = max(len(line) for line in self.curves)
        below = QRectF(room.left(), room.bottom() + 3, room.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, theme().elided(self._below, room.width() - 24, "tick")[0])
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, str(count))

    def _draw(
        self, painter: QPainter, room: QRectF, span: tuple[float, float], logarithmic: bool, number: int
    ) -> float | None:
        """One curve; where it ends, px from the top."""
        line = self.curves[number].astype(np.float64)
        count = max(len(one) for one in self.curves)
        known = np.isfinite(line) & ((line > 0) | (not logarithmic))
        if not known.any():
            return None
        exact = np.log10(line[known]) if logarithmic else line[known]
        xs = room.left() + np.arange(len(line))[known] * room.width() / max(1, count - 1)
        ys = room.bottom() - (exact - span[0]) / (span[1] - span[0]) * room.height()
        widths = theme().tokens["line_width"]
        pen = QPen(theme().color("accent" if number else "text"), widths["curve_main" if number else "curve"])
        if not number:
            pen.setDashPattern(theme().tokens["dash"]["test_curve"])
        painter.setPen(pen)
        points = [QPointF(x, y) for x, y in zip(xs, ys, strict=True)]
        painter.drawPolyline(QPolygonF(points)) if len(points) > 1 else painter.drawEllipse(points[0], 2, 2)
        return float(ys[-1])

    def _name(self, painter: QPainter, room: QRectF, ends: list[float | None]) -> None:
        known = sorted((end, number) for number, end in enumerate(ends) if end is not None)
        places = spread([end for end, _number in known], 8, self.height() - 8, 14)
        for (_end, number), place in zip(known, places, strict=True):
            painter.setPen(theme().color("accent" if number else "text_secondary"))
            beside = QRectF(room.right() + 8, place - 8, _NAMES - 12, 16)
            name = theme().elided(self._names[number], beside.width(), "tick")[0]
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, name)


class Mistakes(QWidget):
    """The switches, and below them what comes of those that are on. options: of the watch"""

    def __init__(self, changed: Any) -> None:
        super().__init__()
        self.skip = self._switch(_("Skip zero_grad"), _("The gradients of the step before stay, and add up"), changed)
        self.add = self._switch(
            _("Add instead of subtract"), _("The gradient is added to the weights: uphill instead of downhill"), changed
        )
        self.forget = self._switch(
            _("Forget eval()"), _("The network is tested as if it were trained: one test batch, in both modes"), changed
        )
        names = (_("as it should be"), _("with the mistake"))
        self.training = TwoCurves(names, _("loss, next steps"))
        self.testing = TwoCurves((_("in eval mode"), _("eval() forgotten")), _("loss, one test batch"))
        self.said = QLabel()
        self.said.setProperty("role", "small")
        self.said.setWordWrap(True)
        self.said.setContentsMargins(16, 0, 16, 4)
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 4)
        row.setSpacing(20)
        for box in (self.skip, self.add, self.forget):
            row.addWidget(box)
        row.addStretch(1)
        plots = QHBoxLayout()
        plots.setContentsMargins(0, 0, 0, 0)
        plots.setSpacing(0)
        plots.addWidget(self.training)
        plots.addWidget(self.testing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addLayout(plots)
        self.show_step({}, {}, False)

    def _switch(self, text: str, tip: str, changed: Any) -> QCheckBox:
        box = QCheckBox(text)
        box.setToolTip(tip)
        box.toggled.connect(lambda _on: changed())
        return box

    @property
    def options(self) -> dict[str, Any]:
        """As the probe `one_step` reads them."""
        found: dict[str, Any] = {"zero_grad": False} if self.skip.isChecked() else {}
        found |= {"sign": "add"} if self.add.isChecked() else {}
        return found | ({"test": True} if self.forget.isChecked() else {})

    def show_step(self, facts: Mapping[str, Any], arrays: Mapping[str, np.ndarray], evaluation: bool) -> None:
        """evaluation: the step is taken in evaluation mode, which is no mistake of these, but has a consequence, too"""
        wrong = self.skip.isChecked() or self.add.isChecked() or evaluation
        curves, tested = wrong and "changed" in arrays, self.forget.isChecked() and "tested" in facts
        if curves:
            self.training.show_curves(arrays["right"], arrays["changed"])
        if tested:
            self.testing.show_curves(arrays["tested_eval"], arrays["tested_train"])
        said = [*(self._of_training(facts, arrays) if curves else []), *(_of_test(facts["tested"]) if tested else [])]
        self.said.setText(" ".join(said))
        self.said.setVisible(bool(said))
        self.training.setVisible(curves)
        self.testing.setVisible(bool(tested and facts["tested"]["modes"]))

    def _of_training(self, facts: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> list[str]:
        said = []
        if self.skip.isChecked() and facts["weight"]["kept"] is None:
            said.append(_("The gradients of the last step were not looked at: take one step, and they are added here."))
        right, changed = float(arrays["right"][-1]), float(arrays["changed"][-1])
        steps = plural("{n} step", "{n} steps", facts["more"])
        text = _("After {steps} the loss is {right}; with the mistake it is {changed}.")
        end = short(changed) if math.isfinite(changed) else _("no number any more")
        return [*said, text.format(steps=steps, right=short(right), changed=end)]


def _of_test(tested: Mapping[str, Any]) -> list[str]:
    if not tested["modes"]:
        return [_("No layer here has two modes, as Dropout and BatchNorm have: forgetting eval() changes nothing.")]
    key = "loss" if tested["eval"]["accuracy"] is None else "accuracy"
    figures = {name: figure_text(tested[name][key], 3) for name in ("eval", "train", "after")}
    rows = ", ".join(str(number) for number in tested["modes"])
    what = _("Accuracy") if key == "accuracy" else _("Loss")
    text = _("{what} on {n} test samples: {eval} in eval mode, {train} with eval() forgotten; two modes: row {rows}.")
    said = [text.format(what=what, n=tested["samples"], rows=rows, eval=figures["eval"], train=figures["train"])]
    if tested["after"]["loss"] != tested["eval"]["loss"]:
        text = _("Afterwards it is {after} in eval mode: the running figures have taken in the test samples.")
        said.append(text.format(after=figures["after"]))
    return said
