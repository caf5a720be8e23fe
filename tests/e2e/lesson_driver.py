"""The program with an eye on its lessons: `python -m tests.e2e.lesson_driver FILE`, as `tests.e2e.driver`, which tells more.

Devices are compared for half a second instead of twenty: what is tested is the lesson, not the comparison.
"""

import sys
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QWidget

from playground.session.comparison import DeviceComparison
from playground.window.lab.views import VIEWS
from playground.window.lessons.card import LessonCard
from playground.window.main_window import MainWindow
from playground.window.panels._confusion import ConfusionMatrix
from tests.e2e import driver

DeviceComparison.start.__defaults__ = (0.5,)
TOLD = driver.facts


def facts(window: MainWindow) -> dict[str, Any]:
    session, side = window.session, window.lessons
    column, lesson = side.column, session.lessons.current
    return {
        **TOLD(window),
        "room": window.rooms.name,
        "dataset": session.document.project.data.dataset,
        "lesson": lesson.name if lesson is not None else "",
        "done": session.lessons.done(lesson) if lesson is not None else 0,
        "marks": [mark.text() for mark, _say, _word in column.steps.rows if mark.isVisible()] if column else [],
        "field": field(window),
        "named": named(window),
        "cards": [driver.centre(card, card.rect()) for card in window.findChildren(LessonCard) if seen(card)],
        "views": list(VIEWS),
        "lab": lab(window),
        "link": link(column.text) if column is not None and column.isVisible() else None,
        "kernel_cells": kernel_cells(window),
        "matrix": [mistake(one) for one in window.findChildren(ConfusionMatrix) if seen(one)],
    }


def seen(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def named(window: MainWindow) -> dict[str, list[int]]:
    """Where each button and field is, by the name that a screen reader says; the first of those of one name."""
    found: dict[str, list[int]] = {}
    for widget in window.findChildren(QWidget):
        if isinstance(widget, (QAbstractButton, QLineEdit)) and widget.isEnabled() and seen(widget):
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            box = isinstance(widget, QCheckBox)  # wider than what takes a click
            found.setdefault(
                name, driver.place(widget, 8, widget.height() // 2) if box else driver.centre(widget, widget.rect())
            )
    return found


def field(window: MainWindow) -> list[str]:
    """The name and the text of the field that takes what is typed; nothing where none does."""
    focused: Any = window.focusWidget() if window.isActiveWindow() else None
    edit = focused.lineEdit() if isinstance(focused, (QAbstractSpinBox, QComboBox)) else focused
    return [edit.accessibleName(), edit.text()] if isinstance(edit, QLineEdit) else []


def lab(window: MainWindow) -> dict[str, Any]:
    """Of the view that is seen: where its hands are."""
    docks = window.rooms.area("lab").docks if window.rooms.name == "lab" else []
    view = docks[0].panel.view if docks else None
    if view is None or not view.isVisible():
        return {}
    match view.lab.page.topic:
        case "tensors":
            return of_tensors(view)
        case "slopes":
            return {
                "cube": on_plot(view.cards[2].plot, 2.0),
                "falling": on_plot(view.cards[1].plot, -1.5),
                "known": bool(view._curves),
            }
        case "descent":
            slider = view.step_side.slider
            return {str(rate): on_slider(slider, rate) for rate in (view.state.lr, 0.1, 0.5, 2.0)}
        case "neuron":
            return of_neuron(view)
    return {"topic": view.lab.page.topic}


def of_neuron(view: QWidget) -> dict[str, Any]:
    """The bar of the first score, once the bars are seen."""
    bars = [
        one for one in view.findChildren(QWidget) if one.accessibleName().startswith("Scores as bars") and seen(one)
    ]
    if not bars:
        return {}
    bar: Any = bars[0]
    at = bar.planes()[0].point(0, 0.5)
    return {"score": driver.place(bar, round(at.x()), round(at.y()))}


def of_tensors(view: Any) -> dict[str, Any]:
    grids = view.detail.grids
    if not grids or not grids[0].isVisible():
        return {}
    editor = view.editor
    return {
        "cell": driver.centre(grids[0], grids[0].rect_of(0, 1).toRect()),
        "editor": driver.centre(editor.viewport(), editor.viewport().rect()),
        "lines": list(view.lab.page.state.lines),
    }


def on_plot(plot: Any, x: float) -> list[int] | None:
    if not plot.isVisible() or plot.curve is None:
        return None
    plane = plot.plane()
    return driver.place(plot, round(plane.point(x, 0).x()), round(plane.area.center().y()))


def on_slider(slider: Any, rate: float) -> list[int]:
    from playground.window.lab.rate_slider import _HALF, _STEPS, _place

    bar = slider.slider
    left = bar.x() + _HALF + _place(rate) / _STEPS * (bar.width() - 2 * _HALF)
    return driver.place(slider, round(left), bar.geometry().center().y())


def link(text: Any) -> list[int] | None:
    """Of the first link of the text that can be seen."""
    found = text.document().find("Open LeNet on CIFAR10")
    if found.isNull():
        return None
    rect = text.cursorRect(found)
    return driver.place(text.viewport(), rect.x() - 20, rect.center().y())


def kernel_cells(window: MainWindow) -> list[list[int]]:
    """Of the kernel in the room of convolutions, row by row."""
    panel = window.rooms.area("convolution").docks[0].panel if window.rooms.name == "convolution" else None
    if panel is None or panel.room.arithmetic.isHidden():
        return []
    cells = panel.room.arithmetic
    return [driver.centre(cells, cells.cell_rect(1, row, column).toRect()) for row in range(3) for column in range(3)]


def mistake(matrix: ConfusionMatrix) -> list[int] | None:
    """The cell of the most frequent mistake."""
    counts = matrix._counts.copy()
    if not counts.size:
        return None
    for number in range(len(counts)):
        counts[number, number] = 0
    row, column = divmod(int(counts.argmax()), len(counts))
    middle: QPointF = matrix.place_of((row, column)).center()
    return driver.place(matrix, round(middle.x()), round(middle.y()))


driver.facts = facts

if __name__ == "__main__":
    sys.exit(driver.main())
