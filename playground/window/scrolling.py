"""An area that scrolls what is higher than it, and does not tremble.

Qt takes the scroll bar away where what is inside fits without it, and puts it there where it does not. Where a picture
grows with the width, it fits only beside the bar: Qt then puts the bar there and away from within its own resizing,
deeper and deeper, until the stack is full and the program ends. So the bar always has its place here, and is invisible
where there is nothing to scroll; and what is inside does not jump when it comes.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSlider, QFrame, QScrollArea, QScrollBar, QWidget

BAR = 10  # px, as the style makes it

_OFF, _ON, _AS_NEEDED = (
    Qt.ScrollBarPolicy.ScrollBarAlwaysOff,
    Qt.ScrollBarPolicy.ScrollBarAlwaysOn,
    Qt.ScrollBarPolicy.ScrollBarAsNeeded,
)


class _Bar(QScrollBar):
    """It can be used where there is something to scroll; the style draws nothing of one that cannot."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setEnabled(False)

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        super().sliderChange(change)
        if change == QAbstractSlider.SliderChange.SliderRangeChange:
            self.setEnabled(self.maximum() > self.minimum())


class ScrollArea(QScrollArea):
    """What is inside is as wide as the area, and as high as it has to be."""

    def __init__(self, inside: QWidget | None = None, *, sideways: bool = False, keyboard: bool = False) -> None:
        """sideways: scroll what is too wide, too;  keyboard: Tab reaches the area itself, for the arrow keys to scroll it

        Without that its fields have to be where the keyboard goes.
        """
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(_AS_NEEDED if sideways else _OFF)
        self.setVerticalScrollBarPolicy(_ON)
        if not keyboard:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBar(_Bar(Qt.Orientation.Vertical))
        if inside is not None:
            self.setWidget(inside)
