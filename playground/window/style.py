"""What a style sheet cannot say: the focus ring with its offset, and a few metrics."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFocusFrame,
    QProxyStyle,
    QSlider,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QTabBar,
    QWidget,
)

_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class PlaygroundStyle(QProxyStyle):
    """Fusion with our metrics. The dotted focus rectangles of old are left out: `FocusRing` draws ours."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        match metric:
            case QStyle.PixelMetric.PM_FocusFrameHMargin | QStyle.PixelMetric.PM_FocusFrameVMargin:
                return 4  # ring 2 px, offset 2 px
            case QStyle.PixelMetric.PM_SplitterWidth:
                return 1
            case QStyle.PixelMetric.PM_SmallIconSize | QStyle.PixelMetric.PM_ButtonIconSize:
                return 16
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        data: QStyleHintReturn | None = None,
    ) -> int:
        match hint:
            case QStyle.StyleHint.SH_FocusFrame_AboveWidget:
                return 1
            case QStyle.StyleHint.SH_FocusFrame_Mask | QStyle.StyleHint.SH_EtchDisabledText:
                return 0
        return super().styleHint(hint, option, widget, data)

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element != QStyle.PrimitiveElement.PE_FrameFocusRect:
            super().drawPrimitive(element, option, painter, widget)


class FocusRing(QFocusFrame):
    """A ring around the button that has the keyboard. Fields and lists show their focus themselves."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
            app.installEventFilter(self)
        self._by_keyboard = False
        self.hide()  # until a widget has the keyboard

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._by_keyboard = event.reason() in _KEYBOARD  # type: ignore[attr-defined]
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        from playground.window.theme import theme  # the theme is made with this style

        ring = theme().tokens["focus_ring"]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color(ring["color"]), ring["width"]))
        radius = theme().tokens["radius"]["control"] + ring["offset"]
        half = ring["width"] / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        wanted = (
            isinstance(now, (QAbstractButton, QSlider, QTabBar)) and now.window() is self._window and self._by_keyboard
        )
        if wanted:
            self.setWidget(now)
        elif self.widget() is not None:
            self.setWidget(None)
