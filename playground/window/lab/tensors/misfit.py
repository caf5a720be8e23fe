"""A shape error: the two shapes as boxes of unequal height that do not fit, or laid on each other from the right where that
is the rule; PyTorch's words, and ways out that were tried.
"""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.core.lab.told import Attempts
from playground.core.text import _
from playground.window.flow import FlowLayout
from playground.window.lab.tensors.broadcast import Alignment
from playground.window.lab.tensors.words import sizes
from playground.window.theme import theme

_BOX_WIDTH, _LOW, _TALL = 96, 26, 44


class Boxes(QWidget):
    """Two shapes beside each other; the sizes that had to be equal stand below them."""

    def __init__(self) -> None:
        super().__init__()
        self._told: Attempts | None = None
        self._names = ("", "")
        self._sign = "@"
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_shapes(self, told: Attempts, names: tuple[str, str], sign: str) -> None:
        self._told, self._names, self._sign = told, names, sign
        said = _("{left}, {first}, and {right}, {second}, do not fit").format(
            left=names[0], first=sizes(told.left), right=names[1], second=sizes(told.right)
        )
        if len(told.unequal) == 2:
            said += _(": {one} meets {other}").format(one=told.unequal[0], other=told.unequal[1])
        self.setAccessibleName(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, round((_TALL + 22) * theme().text_scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._told is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = theme().text_scale
        wide, gap = round(_BOX_WIDTH * scale), round(28 * scale)
        unequal = self._told.unequal
        first_tall = len(unequal) == 2 and unequal[0] > unequal[1]
        for side, (shape, name) in enumerate(zip((self._told.left, self._told.right), self._names, strict=True)):
            tall = first_tall == (side == 0)
            high = round((_TALL if tall else _LOW) * scale)
            box = QRectF(2 + side * (wide + gap), 2 + (round(_TALL * scale) - high) / 2, wide, high)
            painter.setBrush(theme().color("error_tint"))
            painter.setPen(QPen(theme().color("error"), 1.25))
            painter.drawRoundedRect(box, 4, 4)
            painter.setFont(theme().font("base", "medium"))
            painter.setPen(theme().color("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sizes(shape))
            painter.setFont(theme().font("tick", mono=True))
            painter.setPen(theme().color("text_secondary"))
            below = QRectF(box.x(), 4 + _TALL * scale, wide, 18 * scale)
            cut = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, cut)
        painter.setFont(theme().font("base", "semibold"))
        painter.setPen(theme().color("error"))
        painter.drawText(QRectF(2 + wide, 2, gap, _TALL * scale), Qt.AlignmentFlag.AlignCenter, self._sign)
        if len(unequal) == 2:
            painter.setFont(theme().font("small"))
            text = _("{one} ≠ {other}").format(one=unequal[0], other=unequal[1])
            place = QRectF(2 * wide + gap + 16, 2, self.width() - 2 * wide - gap - 16, _TALL * scale)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class Misfit(QWidget):
    """way_chosen: the line that was tried and fits"""

    way_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.boxes, self.alignment, self.rule, self.message = Boxes(), Alignment(), QLabel(), QLabel()
        self.rule.setWordWrap(True)
        self.rule.setProperty("role", "small")
        self.message.setWordWrap(True)
        self.message.setProperty("role", "error")
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.avoid = QLabel()
        self.avoid.setWordWrap(True)
        self.avoid.setProperty("role", "warning")
        ways = QWidget()
        self._flow = FlowLayout(ways, gap=6)
        self.ways: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 8)
        column.setSpacing(6)
        for widget in (self.boxes, self.alignment, self.rule, self.message, ways, self.avoid):
            column.addWidget(widget)

    def show_told(self, told: Attempts, names: tuple[str, str], sign: str) -> bool:
        """Show why they do not fit; False where they do, and there is nothing to show."""
        refused = told.attempts[0] if told.attempts else None
        if refused is None or refused.shape is not None:
            return False
        self._show_shapes(told, names, sign)
        self.message.setText(refused.torch_message)
        found = told.attempts[1:]
        while len(self.ways) < len(found):
            way = QPushButton()
            way.clicked.connect(lambda _on=False, way=way: self.way_chosen.emit(way.property("line")))
            self.ways.append(way)
            self._flow.addWidget(way)
        for way, attempt in zip(self.ways, found, strict=False):
            way.setProperty("line", attempt.line)
            text = _("{line} → {shape}").format(line=attempt.line, shape=sizes(attempt.shape or ()))
            way.setText(f"⚠ {text}" if attempt.avoid else text)
            way.setFont(theme().font("small", mono=True))
            way.setToolTip(attempt.avoid or attempt.help)
            way.setAccessibleName(f"{text}: {attempt.avoid or attempt.help}")
        for number, way in enumerate(self.ways):
            way.setVisible(number < len(found))
        self.avoid.setText(next((f"⚠ {one.avoid}." for one in found if one.avoid), ""))
        self.avoid.setVisible(bool(self.avoid.text()))
        return True

    def _show_shapes(self, told: Attempts, names: tuple[str, str], sign: str) -> None:
        """Laid on each other where number meets number, else as boxes."""
        laid = told.laid
        for widget in (self.alignment, self.rule):
            widget.setVisible(laid is not None)
        self.boxes.setVisible(laid is None)
        if laid is None:
            self.boxes.show_shapes(told, names, sign)
        else:
            self.alignment.show_axes(laid, names)
            self.rule.setText(laid.sentence)

    def dress(self) -> None:
        for way in self.ways:
            way.setFont(theme().font("small", mono=True))
        for drawn in (self.boxes, self.alignment):
            drawn.updateGeometry()
