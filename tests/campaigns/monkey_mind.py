"""What the monkey wants next: events drawn from a seed, some of them in rows that only together mean something."""

import random
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QSplitterHandle,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from tests.campaigns.monkey_hands import Event, Hands, actions_in, actions_of, fronts
from tests.campaigns.monkey_home import Home, Stage

SMALLEST, LARGEST = (1024, 700), (1920, 1200)
REMEMBERED = 20  # events for which the widgets of a window are looked up once
LIGHT = ("lenet-digits", "softmax-iris", "mlp-spirals", "logistic-breast-cancer")  # learn within seconds
FASHION = ("softmax-fashion-mnist", "mlp-fashion-mnist", "lenet-fashion-mnist", "softmax-fashion-mnist-from-scratch")
OTHERS = ("linear-california", "lenet-cifar10", "nin-fashion-mnist", "resnet-fashion-mnist", "densenet-fashion-mnist")
TOUCHABLE = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QAbstractSlider, QTabBar,
             QSplitterHandle)  # fmt: skip
FIELDS = (QLineEdit, QAbstractSpinBox, QComboBox)
CLIPBOARD = ("text:", "text:{}", "text:[1, 2", "text:ReLU", "text:\u202e\u0000né", "image", "iris.playground")
DROPS = ("iris.playground", "digits.playground", "broken.playground", "later.playground", "table.csv", "text.txt",
         "empty.csv", "noise.bin", "pictures", "arrays.npz", "nowhere.csv", "table.csv,text.txt", "text:words", "image")  # fmt: skip
TEXTS = ("0", "1", "3", "7", "32", "300", "-1", "0.01", "1e-3", "1e400", "nan", ",", "", " ", "conv", "relu", "abc",
         "été", "网络", "\U0001f600", "a" * 60, "%s {0}", "<b>x</b>", "../x", "5;5", "3 x 3", "0,5", "99999")  # fmt: skip
_K = Qt.Key
KEYS = (
    [_K.Key_Up, _K.Key_Down] * 6 + [_K.Key_Left, _K.Key_Right, _K.Key_Tab, _K.Key_Backtab, _K.Key_Return] * 3
    + [_K.Key_Escape, _K.Key_Space, _K.Key_Enter, _K.Key_Delete, _K.Key_Backspace, _K.Key_Home, _K.Key_End] * 2
    + [_K.Key_PageUp, _K.Key_PageDown, _K.Key_F2, _K.Key_F4, _K.Key_Slash, _K.Key_Plus, _K.Key_Minus, _K.Key_Menu]
)  # fmt: skip
MODIFIERS = [0] * 10 + [Qt.KeyboardModifier.ShiftModifier.value] * 3 + [Qt.KeyboardModifier.ControlModifier.value] * 2
CTRL, SHIFT, ALT = (
    getattr(Qt.KeyboardModifier, f"{name}Modifier").value for name in ("Control", "Shift", "Alt")
)  # fmt: skip
RIGHT = Qt.MouseButton.RightButton.value
ACTIVE = ("preparing", "running", "paused", "stopping")
DURING = 0.55  # the share of events during runs that is aimed at; half is asked for


class Mind:
    """Chooses the next event by what there is to see, and by chance. One generator for each act, from the seed."""

    def __init__(self, stage: Stage, home: Home, hands: Hands, seed: int) -> None:
        self._stage, self._home, self._hands, self._seed = stage, home, hands, seed
        self._chance = random.Random(f"{seed}")
        self._plan: deque[Event] = deque()
        self._widgets: tuple[int, int, list[QWidget], list[QWidget]] = (0, 0, [], [])
        self._asked = 0
        self._wishes: dict[Callable[[], list[Event]], float] = {
            self._click: 20, self._chosen_click: 3, self._double: 4, self._right: 3, self._drag: 4,
            self._wheel: 8, self._move: 6, self._tip: 1, self._key: 12, self._shortcut: 8, self._write: 5,
            self._menu: 4, self._action: 3, self._room: 4, self._resize: 1.5, self._state: 0.4, self._look: 0.5,
            self._storm: 1.2, self._paste: 2, self._drop: 1.5, self._rest: 2, self._touch: 0.3, self._run: 5,
            self._speed: 1, self._close: 0.02,
        }  # fmt: skip

    def begin_act(self, number: int) -> None:
        """Another example, and chance begins anew: an act can be played alone."""
        self._chance = random.Random(f"{self._seed} {number}")
        kind = self._chance.choices((LIGHT, FASHION, OTHERS), (12, 5, 1))[0]
        self._plan.clear()
        self._plan.append(["fresh", self._chance.choice(kind)])

    def next(self, share: float) -> Event:
        """share: of the events so far that came during a run"""
        self._asked += 1
        if not self._plan:
            self._plan.extend(self._dialog() or self._steer(share) or self._wish())
        return self._plan.popleft() if self._plan else ["rest", 0]

    def _wish(self) -> list[Event]:
        wish = self._chance.choices(list(self._wishes), list(self._wishes.values()))[0]
        return wish()

    # What has to be done first ------------------------------------------------------------------------------------

    def _dialog(self) -> list[Event]:
        """A dialog is answered sooner or later, and so is a menu closed; a mouse button that is down is let go."""
        if self._hands.held:
            return [self._release()]
        modal = QApplication.activeModalWidget()
        if QApplication.activePopupWidget() is not None:
            return [self._any_key(_K.Key_Escape)] if self._chance.random() < 0.15 else []
        if isinstance(modal, QFileDialog):
            paths = [str(path) for path in self._home.files.values()]
            choice = self._chance.random()
            if choice < 0.5:
                return [["file", self._chance.choice(paths)]]
            return [self._any_key(_K.Key_Escape)] if choice < 0.85 else self._click()
        if modal is None or self._chance.random() < 0.6:
            return []
        if self._chance.random() < 0.3:
            return [self._any_key(_K.Key_Escape)]
        buttons = [one.text() for one in modal.findChildren(QAbstractButton) if one.isVisible() and one.text()]
        return [["answer", self._chance.choice(buttons)]] if buttons else []

    def _steer(self, share: float) -> list[Event]:
        """As many events during runs as without."""
        training = self._stage.session.training
        if QApplication.activeModalWidget() is not None:
            return []
        if training.is_active:
            return (
                [self._any_key(_K.Key_Period, CTRL)] if share > DURING + 0.05 and self._chance.random() < 0.02 else []
            )
        if share > DURING or self._chance.random() > (0.1 if share > DURING - 0.1 else 0.3):  # less is caught up with
            return []
        failed = training.state == "failed" or not self._stage.window.run_bar.line.main_action.isEnabled()
        if failed and self._chance.random() < 0.7:  # what does not fit, or has no data, becomes something that learns
            fresh: Event = ["fresh", self._chance.choice(LIGHT)]
            return [["storm", self._chance.randrange(30), 0]] if self._chance.random() < 0.4 else [fresh]
        return self._run()

    # Where --------------------------------------------------------------------------------------------------------

    def _front(self) -> tuple[str, QWidget]:
        found = fronts(self._stage.window)
        for name, often in (("popup", 0.85), ("modal", 0.9)):
            if name in found and self._chance.random() < often:
                return name, found[name]
        others = [name for name in found if name.startswith("other")]
        name = self._chance.choice(others) if others and self._chance.random() < 0.15 else "main"
        return name, found[name]

    def _seen(self, top: QWidget) -> tuple[list[QWidget], list[QWidget]]:
        """Its widgets, and those that react to a touch."""
        known, at, _all, _touchable = self._widgets
        if known != id(top) or self._asked - at > REMEMBERED:
            seen = [one for one in top.findChildren(QWidget) if one.isVisible()]
            self._widgets = id(top), self._asked, seen, [one for one in seen if isinstance(one, TOUCHABLE)]
        return self._widgets[2], self._widgets[3]

    def _within(self, top: QWidget, kinds: tuple[type, ...] = ()) -> QPoint:
        """A place in a window: anywhere, in any widget, or in one that reacts."""
        seen, touchable = self._seen(top)
        choice = self._chance.random()
        pool = touchable if choice < 0.55 else seen
        if kinds:
            pool = [one for one in touchable if isValid(one) and isinstance(one, kinds)] or touchable
        if pool and (choice < 0.75 or kinds):
            for _attempt in range(3):
                widget = self._chance.choice(pool)
                if isValid(widget) and widget.isVisible() and widget.window() is top:
                    place = widget.mapTo(top, self._in(widget.rect()))
                    if top.rect().contains(place):
                        return place
        return self._in(top.rect())

    def _in(self, rect: QRect) -> QPoint:
        x = rect.left() + self._chance.randrange(max(1, rect.width()))
        return QPoint(x, rect.top() + self._chance.randrange(max(1, rect.height())))

    def _somewhere(self, kinds: tuple[type, ...] = ()) -> tuple[str, int, int]:
        name, top = self._front()
        place = self._within(top, kinds)
        return name, place.x(), place.y()

    # Wishes -------------------------------------------------------------------------------------------------------

    def _click(self) -> list[Event]:
        return [["click", *self._somewhere()]]

    def _chosen_click(self) -> list[Event]:
        return [["click", *self._somewhere((QAbstractItemView,)), 1, self._chance.choice((CTRL, SHIFT))]]

    def _double(self) -> list[Event]:
        return [["double", *self._somewhere()]]

    def _right(self) -> list[Event]:
        return [["click", *self._somewhere(), RIGHT]]

    def _wheel(self) -> list[Event]:
        turn = self._chance.choice((-120, 120, -240, 240, -15, 15))
        place = self._somewhere()
        modifiers = self._chance.choice((0, 0, 0, 0, CTRL, ALT))
        return [["wheel", *place, turn, modifiers]] * self._chance.randrange(1, 4)

    def _move(self) -> list[Event]:
        return [["move", *self._somewhere()]]

    def _tip(self) -> list[Event]:
        return [["tip", *self._somewhere()]]

    def _release(self) -> Event:
        return ["release", *self._somewhere()]

    def _drag(self) -> list[Event]:
        """From one place to another, with pauses on the way or without; now and then Esc ends it."""
        window = self._stage.window
        if QApplication.activeModalWidget() is None and self._chance.random() < 0.6:
            rows, palette = window.list_panel.view.viewport(), window.palette_panel.view.viewport()
            source = self._chance.choice((rows, rows, palette))
            places = [source.mapTo(window, self._in(source.rect()))]
            target = rows if self._chance.random() < 0.8 else window
            places += [target.mapTo(window, self._in(target.rect())) for _more in range(self._chance.randrange(1, 5))]
            name = "main"
        else:
            name, top = self._front()
            places = [self._within(top) for _more in range(self._chance.randrange(2, 5))]
        modifiers = self._chance.choice((0, 0, 0, CTRL))
        start, end = places[0], places[-1]
        events: list[Event] = [["press", name, start.x(), start.y(), 1, 0]]
        for before, after in pairwise(places):
            middle = (before + after) / 2
            events += [["move", name, place.x(), place.y()] for place in (middle, after)]
        if self._chance.random() < 0.1:
            events.append(self._any_key(_K.Key_Escape))
        return [*events, ["release", name, end.x(), end.y(), modifiers]]

    def _any_key(self, key: Qt.Key, modifiers: int = 0) -> Event:
        return ["key", int(key), modifiers]

    def _key(self) -> list[Event]:
        key = self._any_key(self._chance.choice(KEYS), self._chance.choice(MODIFIERS))
        return [key] * self._chance.choice((1, 1, 1, 2, 5))

    def _shortcut(self) -> list[Event]:
        """Of any action, those of the layer list most: there the keyboard has most to do."""
        window = self._stage.window
        commands = [one for one in window.list_panel.commands.actions() if one is not None]
        pool: list[QAction] = commands if self._chance.random() < 0.6 else window.actions()
        sequences = [one.shortcut() for one in pool if not one.shortcut().isEmpty()]
        return [self._pressed(self._chance.choice(sequences))] if sequences else []

    def _pressed(self, sequence: QKeySequence) -> Event:
        combination = sequence[0]
        return self._any_key(combination.key(), combination.keyboardModifiers().value)

    def _write(self) -> list[Event]:
        """Into a field, in place of what stands there, and on with the keyboard."""
        text = self._chance.choice(TEXTS)
        if self._chance.random() < 0.5:
            text = str(self._chance.choice((self._chance.randrange(64), self._chance.random())))[:6]
        field: list[Event] = [["click", *self._somewhere(FIELDS)]]
        if self._chance.random() < 0.8:
            field.append(self._any_key(_K.Key_A, CTRL))
        end = self._chance.choice((_K.Key_Return, _K.Key_Tab, _K.Key_Escape, _K.Key_Down))
        return [*field, ["type", text], self._any_key(end)]

    def _menu(self) -> list[Event]:
        paths = [path for path, action in actions_in(self._stage.window.actions_.menu) if action.isEnabled()]
        path = self._chance.choice(paths)
        if path == "/Quit" and self._chance.random() < 0.7:
            return []
        return [["menu", path]]

    def _action(self) -> list[Event]:
        actions = actions_of(self._stage.window)
        action = self._chance.choice(actions)
        same = [one for one in actions if one.text() == action.text()]
        if not action.isEnabled() or action.isSeparator() or action.text() == "Quit":
            return []
        return [["action", action.text(), same.index(action)]]

    def _room(self) -> list[Event]:
        """By its tab."""
        window = self._stage.window
        tab = window.tabs.tabRect(self._chance.randrange(window.tabs.count()))
        place = window.tabs.mapTo(window, tab.center())
        return [["click", "main", place.x(), place.y()]]

    def _resize(self) -> list[Event]:
        sizes = [self._chance.randrange(least, most) for least, most in zip(SMALLEST, LARGEST, strict=True)]
        width, height = SMALLEST if self._chance.random() < 0.25 else sizes
        if self._chance.random() < 0.3:  # as by a hand, in steps
            return [["resize", width - 7 * n, height + 5 * n] for n in range(5)]
        return [["resize", width, height]]

    def _state(self) -> list[Event]:
        state = self._chance.choice(("minimized", "maximized", "inactive"))
        return [["state", state], ["rest", 5], ["state", "normal"]]

    def _look(self) -> list[Event]:
        choices = ("Light", "Dark", "As the system", "Text 100 %", "Text 100 %", "Text 125 %", "Text 150 %")
        return [["menu", f"/Appearance/{self._chance.choice(choices)}"]]

    def _storm(self) -> list[Event]:
        return [["storm", self._chance.randrange(1, 20), self._chance.randrange(20)]]

    def _paste(self) -> list[Event]:
        kind = (
            f"layers:{self._chance.randrange(500)}" if self._chance.random() < 0.6 else self._chance.choice(CLIPBOARD)
        )
        return [["clipboard", kind], self._any_key(_K.Key_V, CTRL)]

    def _drop(self) -> list[Event]:
        kind = f"layers:{self._chance.randrange(500)}" if self._chance.random() < 0.5 else self._chance.choice(DROPS)
        place = self._in(self._stage.window.rect())
        return [["drop", kind, place.x(), place.y(), self._chance.choice(("drop", "drop", "leave"))]]

    def _rest(self) -> list[Event]:
        return [["rest", self._chance.choice((1, 5, 20, 60))]]

    def _touch(self) -> list[Event]:
        name = self._chance.choice(("iris.playground", "digits.playground", "new.playground"))
        return [["touch", name], ["state", "inactive"]]

    def _run(self) -> list[Event]:
        """By the keys of the run bar, or by its buttons."""
        line = self._stage.window.run_bar.line
        keys = self._chance.choice(
            (line.main_action, line.main_action, line.main_action, line.step_action, line.epoch_action)
        )
        if self._stage.session.training.is_active and self._chance.random() < 0.15:
            keys = line.stop_action
        if self._chance.random() < 0.5:
            return [self._pressed(keys.shortcut())]
        button = {line.main_action: line.main, line.stop_action: line.stop}.get(keys, line.step)
        place = button.mapTo(self._stage.window, button.rect().center())
        return [["click", "main", place.x(), place.y()]]

    def _speed(self) -> list[Event]:
        return [["speed", self._chance.choice((0, 0, 1, 1, 2, 3))]]

    def _close(self) -> list[Event]:
        return [["close"]]


def describe(event: Event, window: Any) -> str:
    """An event, and the widget that it meets."""
    if len(event) > 3 and event[0] in ("click", "press", "double", "wheel", "move", "release", "tip"):
        top = fronts(window).get(event[1])
        widget = top.childAt(event[2], event[3]) if top is not None else None
        if widget is not None:
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton | QLabel) else "")
            return f"{event} on {type(widget).__name__} {name[:30]!r}"
    return str(event)
