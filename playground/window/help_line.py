"""The two lines at the foot of the form: what helps, and a link to the page that tells more."""

from bisect import bisect

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from playground.core.spec import LayerSpec
from playground.window.theme import theme
from playground.window.web import PageLink, reading_order, words_of

_LEFT, _RIGHT, _ABOVE = 16, 12, 8  # px around the words
_LINES = 2
_SPACE = "\N{NO-BREAK SPACE}"


class HelpLine(QWidget):
    """It has two lines whatever is said. The link stands at the end of the second one; what has no room beside it is left
    out: first the words of the link, then what may be said as well, then the end, which the tool tip has."""

    def __init__(self) -> None:
        super().__init__()
        self._said: tuple[str, str] = ("", "")
        self._shown = ""
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setWordWrap(True)
        self.label.setProperty("role", "small")
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.link = PageLink(self)
        self.link.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.measure()

    def measure(self) -> None:
        """Take the height that the size of the text asks for."""
        self._line = round(theme().tokens["font"]["line_px"]["small"] * theme().text_scale)
        self.setFixedHeight(_LINES * self._line + 18)
        self._fit()

    def say(self, text: str, more: str = "", spec: LayerSpec | None = None) -> None:
        """text: rich;  more: said behind it where there is room;  spec: the layer whose page the link leads to"""
        url = spec.docs_url if spec is not None else ""
        if (text, more) == self._said and url == self.link.url:
            return
        self._said = (text, more)
        if spec is None:
            self.link.url = ""
        elif url != self.link.url:
            self.link.lead_to(words_of(spec), url, reading_order(spec))
        self.link.setVisible(spec is not None)
        self._fit()

    def text(self) -> str:
        """What is said now, rich."""
        return self._shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The window was dressed, and its words have another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        """Say as much as there is room for."""
        text, more = self._said
        width = self.width() - _LEFT - _RIGHT
        self.label.ensurePolished()
        for body in [f"{text} {more}", text] if more else [text]:
            for short in (False, True) if self.link.url else (False,):
                self.link.shorten(short)
                if self._has_room(body, width, self._gap()):
                    self._place(body, width, _RIGHT)
                    return
        if self.link.url:  # the arrow stands in the margin
            width -= self.link.sizeHint().width() - _RIGHT + 2
        self._place(self._cut(text, width), width, 0)

    def _cut(self, text: str, width: int) -> str:
        """As many words as two lines hold, and …"""
        if self._has_room(text, width):
            return text
        words = text.split(" ")
        count = bisect(range(1, len(words)), False, key=lambda n: not self._has_room(" ".join(words[:n]) + " …", width))
        return " ".join(words[:count]) + " …"

    def _has_room(self, body: str, width: int, gap: str = "") -> bool:
        """Whether two lines hold this. gap: behind it"""
        self.label.setText(f"{body} {gap}" if gap else body)
        return self.label.heightForWidth(width) <= _LINES * self._high()

    def _gap(self) -> str:
        """As wide as the link."""
        if not self.link.url:
            return ""
        space = QFontMetrics(self.label.font()).horizontalAdvance(_SPACE)
        return _SPACE * (1 + self.link.sizeHint().width() // max(1, space))

    def _high(self) -> int:
        """px of a line as the label has it, and a little."""
        return QFontMetrics(self.label.font()).lineSpacing() + 1

    def _place(self, body: str, width: int, right: int) -> None:
        """right: px right of the link"""
        self._shown = body
        self.label.setText(body)
        self.label.setToolTip("" if self._said[0] in body else self._said[0])
        self.label.setGeometry(_LEFT, _ABOVE, width, self.height() - _ABOVE)
        size = self.link.sizeHint()
        second = _ABOVE + self._high() * 3 // 2
        top = min(second - size.height() // 2, self.height() - size.height())
        self.link.setGeometry(self.width() - right - size.width(), top, size.width(), size.height())
