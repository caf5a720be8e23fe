"""What lies in a layout, without its items.

PySide keeps the wrapper that `itemAt` gave of an item for as long as the layout, also where Qt has deleted the item
meanwhile. Whatever is made at that address next is taken for it: a QAction was a QWidgetItem that has no `triggered`, or
the program ended. So nobody here asks Qt for an item, or takes one out.
source: https://github.com/pytest-dev/pytest-qt/issues/539
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

_HERE = Qt.FindChildOption.FindDirectChildrenOnly


def parts_of(layout: QLayout) -> list[QWidget | QLayout]:
    """Widgets and layouts in it, in its order; a grid is read line by line."""
    holder = layout.parentWidget()
    widgets: list[QWidget] = holder.findChildren(QWidget, options=_HERE) if holder is not None else []
    inner: list[QLayout] = layout.findChildren(QLayout, options=_HERE)
    found = [(layout.indexOf(one), one) for one in widgets] + [(layout.indexOf(one), one) for one in inner]
    placed = [one for one in found if one[0] >= 0]
    if isinstance(layout, QGridLayout):
        return [one for _place, one in sorted(placed, key=lambda one: layout.getItemPosition(one[0])[:2])]  # type: ignore[index]
    return [one for _place, one in sorted(placed, key=lambda one: one[0])]


def take_widgets(layout: QLayout) -> list[QWidget]:
    """Take every widget out of a layout; they stay children of its widget."""
    widgets = [one for one in parts_of(layout) if isinstance(one, QWidget)]
    for one in widgets:
        layout.removeWidget(one)
    return widgets
