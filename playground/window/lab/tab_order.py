"""The way of Tab through a view: reading order, whenever its parts were made.

Qt goes by the age of widgets: what is made when it is first needed would come last, behind other rooms.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from playground.window.layouts import parts_of


def order_tabs(view: QWidget, after: QWidget) -> None:
    """Let Tab come through a view in reading order, behind another widget of its room."""
    stops = list(tab_stops(view))
    if _is_ordered([after, *stops], after.parentWidget()):
        return
    for before, one in zip([after, *stops], stops, strict=False):
        QWidget.setTabOrder(before, one)


def tab_stops(widget: QWidget) -> Iterator[QWidget]:
    """All inside that can have the focus, hidden or not, as they are read. A field stands for the parts of it."""
    for child in _children(widget):
        proxy = child.focusProxy()
        if proxy is not None and child.isAncestorOf(proxy):
            if child.focusPolicy() != proxy.focusPolicy():
                child.setFocusPolicy(proxy.focusPolicy())  # else it stays behind where its part is put elsewhere
            yield child
            continue
        if proxy is None and child.focusPolicy() != Qt.FocusPolicy.NoFocus:
            yield child
        yield from tab_stops(child)


def _children(widget: QWidget) -> list[QWidget]:
    """Those in a layout as it has them, others from the top."""
    found = list(_laid_out(widget.layout()))
    others = [one for one in widget.children() if isinstance(one, QWidget) and not one.isWindow() and one not in found]
    others.sort(key=lambda one: (one.y(), one.x()))
    return found + others


def _laid_out(layout: QLayout | None) -> Iterator[QWidget]:
    for part in parts_of(layout) if layout is not None else ():
        if isinstance(part, QWidget):
            yield part
        else:
            yield from _laid_out(part)


def _is_ordered(wanted: list[QWidget], room: QWidget | None) -> bool:
    """Whether Qt's way goes through these, and through nothing outside of the room between them."""
    at: QWidget | None = wanted[0]
    for one in wanted[1:]:
        at = at.nextInFocusChain() if at is not None else None
        while at is not one:
            if at is None or at is wanted[0] or (room is not None and not room.isAncestorOf(at)):
                return False
            at = at.nextInFocusChain()
    return True
