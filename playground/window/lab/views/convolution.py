"""A convolution: a window slides over a picture. The page is that of the room of the network's own layers, and what is
slid here is the learner's to choose."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.arguments import in_effect
from playground.core.drawing import DRAWING
from playground.core.kernels import KERNELS
from playground.core.lab.messages import Ask, ShowPage
from playground.core.lab.told import Told, Windowed
from playground.core.lab.topics import Convolution, Slider
from playground.core.layers import LAYERS
from playground.core.messages import Picture
from playground.core.problem import Fault
from playground.core.text import _
from playground.session.history import numbers
from playground.session.lab import Lab
from playground.session.own_kernels import Own
from playground.session.page_drawing import PageDrawing
from playground.window import dialogs
from playground.window.convolution.lab_page import rows
from playground.window.convolution.page import Page
from playground.window.convolution.scene import RANDOM, Scene, resized
from playground.window.convolution.what_if import WhatIf
from playground.window.lab.convolution import drawn, own_picture
from playground.window.lab.convolution.head import OWN, WEIGHED, LabHead
from playground.window.lab.convolution.mine import Mine
from playground.window.lab.view import TopicView

# kind of layer -> how it begins
_BEGIN = {
    "Conv2d": Slider(arguments={"out_channels": 1, "padding": 1, "bias": False}, kernel=(KERNELS["edges"],)),
    "ConvTranspose2d": Slider(
        "ConvTranspose2d",
        {"out_channels": 1, "kernel_size": 3, "stride": 2, "bias": False},
        kernel=(KERNELS["smooth"],),
    ),
    "MaxPool2d": Slider("MaxPool2d", {"kernel_size": 2}),
    "AvgPool2d": Slider("AvgPool2d", {"kernel_size": 2}),
}
_SECOND = Slider(arguments={"out_channels": 1, "padding": 1, "bias": False}, kernel=(KERNELS["blur"],))


class View(TopicView):
    """page: its widgets;  answer: the newest;  drawing: the strokes of the page, to be drawn on"""

    def __init__(self, lab: Lab, parent: QWidget | None = None) -> None:
        super().__init__(lab, parent)
        self.head = LabHead()
        self.page = Page(self.head, Scene(mode="paint"), WhatIf(_("Arguments"), pinned=True))
        self.answer: Windowed | None = None
        self.drawing = PageDrawing(lab, self)
        self._follows_pen = QTimer(self)  # many points of one turn of the event loop are one question
        self._follows_pen.setSingleShot(True)
        self._mine: Mine | None = None  # of the learner's own layers, the one that was chosen last
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._connect()
        self.page.show_parts(False, "", "")

    def _connect(self) -> None:
        head, page = self.head, self.page
        head.sample_chosen.connect(self._choose_sample)
        head.kind_chosen.connect(lambda kind: self._put_layer(_BEGIN[kind], _("slide another layer")))
        head.kernel_chosen.connect(self._choose_kernel)
        self.lab.own.changed.connect(self._offer_own)
        self.lab.own.wanted.connect(self._choose_kernel)
        head.filter_chosen.connect(self._choose_filter)
        head.chained.connect(self._chain)
        head.told_chosen.connect(lambda number: self._look(told=number, place=None, channel=0))
        page.what_if.changed.connect(self._on_argument)
        page.went.connect(lambda number, row, column: self._look(told=number, place=(row, column)))
        page.channels.chosen.connect(lambda number: self._look(channel=number))
        page.adder.stepped.connect(lambda number: self._look(channel=number))
        page.arithmetic.kernel_changed.connect(self._on_painted)
        page.player.played.connect(self._on_played)
        page.tail.copy.clicked.connect(lambda _checked=False: self._want_script())
        self.drawing.inked.connect(self._follows_pen.start)
        self._follows_pen.timeout.connect(self._on_inked)

    # The page -----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> Convolution:
        found = self.lab.page.state
        return found if isinstance(found, Convolution) else Convolution()

    @property
    def layer(self) -> Slider:
        """The one that is told."""
        return self.state.layers[self._told]

    @property
    def _told(self) -> int:
        return min(self.state.told, len(self.state.layers) - 1)

    @property
    def is_drawn(self) -> bool:
        """Whether it slides over what is drawn on the canvas."""
        return self.state.sample == DRAWING and not self.state.picture

    def questions(self, state: Any) -> tuple[Ask, ...]:
        asked = self._asked(state)
        if asked is None:
            return ()
        self.page.player.ready = False
        return (ShowPage(convolution=asked),)

    def _asked(self, state: Convolution) -> Convolution | None:
        """With what is drawn as its picture; None while the canvas has not shown it."""
        if not self.is_drawn:
            return state
        ink = self.drawing.ink
        return msgspec.structs.replace(state, picture=drawn.picture_of(ink), strokes=()) if ink is not None else None

    def show_page(self, state: Any) -> None:
        self.drawing.follow(state.strokes)
        self.page.show_canvas(self.drawing, self.is_drawn)
        scene, one = self.page.scene, self.layer
        scene.at, scene.channel = state.place, state.channel
        name = next((name for name, kernel in KERNELS.items() if one.kernel == (kernel,)), "")
        number = self._mine.number_of(one.kernel) if self._mine is not None and one.kernel else None
        self._offer_own()
        self.head.show_state(
            state, name, (self._mine.own, number) if self._mine is not None and number is not None else None
        )
        spec = LAYERS[one.layer]
        values = in_effect(spec.arguments, one.arguments, self._input_shape)
        ours = {argument.name for argument in spec.arguments if argument.to == "module"}
        self.page.what_if.values = {}
        self.page.what_if.show_layer(spec, {name: value for name, value in values.items() if name in ours})

    @property
    def _input_shape(self) -> tuple[int, ...]:
        """Of the layer that is told."""
        if self._told:
            return (1, 1, 1)
        return self.answer.asked.input.shape if self.answer is not None else (1, 1, 1)

    def told(self, answer: Told) -> None:
        if not isinstance(answer, Windowed):
            return
        if answer.slid.script:
            self.page.tail.take(answer.slid.script)
            return
        news = self.answer is None or self.answer.asked.input.shape != answer.asked.input.shape
        self.answer = answer
        if news:
            self.show_page(self.state)
        self.page.player.ready = True
        self.page.show_parts(True, "", "")
        self._show_answer(answer)

    def _show_answer(self, answer: Windowed) -> None:
        said = _("{shape}, channel {channel}") if answer.asked.input.shape[0] > 1 else "{shape}"
        self.page.show_answer(answer.slid, answer.asked, ("ink", said))

    def failed(self, fault: Fault) -> None:
        self.page.player.ready = True
        self.page.rest()
        text = f"{fault.where}: {fault.what}. {fault.fix}"
        self.page.show_parts(self.answer is not None, text if self.answer is None else "", text if self.answer else "")

    # What a person does -------------------------------------------------------------------------------------------

    def _put(self, text: str, merge_key: Any = None, **changes: Any) -> None:
        self.change(msgspec.structs.replace(self.state, **changes), text, merge_key)

    def _look(self, **changes: Any) -> None:
        self.look(msgspec.structs.replace(self.state, **changes))

    def _put_layer(self, one: Slider, text: str, merge_key: Any = None) -> None:
        """In place of the one that is told."""
        layers = (*self.state.layers[: self._told], one, *self.state.layers[self._told + 1 :])
        self._put(text, merge_key, layers=layers)

    def _choose_sample(self, name: str) -> None:
        if name == OWN:
            dialogs.choose_picture(self.window(), Path.home(), self.take_picture)
        else:
            text = _("slide over a drawing") if name == DRAWING else _("slide over another picture")
            self._put(text, sample=name, picture=(), place=None, channel=0)

    def take_picture(self, path: Path) -> None:
        """Slide over a picture of the learner's own; it becomes a part of the page."""

        def then(picture: own_picture.Picture) -> None:
            self._put(_("slide over a picture of yours"), picture=picture, place=None, channel=0)

        self.lab.beside(lambda: own_picture.read(path), then, self.failed)

    def _offer_own(self) -> None:
        """The project's own convolutions, beside the kernels that have a name."""
        self.head.show_own(self.lab.own.convolutions(), self._input_shape[0])

    def _take_own(self, own: Own, picture: Picture) -> None:
        """The kernels of one of them are here."""
        if not isinstance(self.lab.page.state, Convolution) or self.layer.layer not in WEIGHED:
            return
        if picture.fault:
            self.show_page(self.state)  # the choice is what it was
            self.page.show_parts(self.answer is not None, "", picture.fault)
            return
        weight, bias = picture.arrays["weight"], picture.arrays.get("bias")
        self._mine = Mine(own, numbers(weight), None if bias is None else numbers(bias))
        self._put_mine(self._mine, 0)

    def _put_mine(self, mine: Mine, number: int) -> None:
        arguments = {**self.layer.arguments, "kernel_size": list(mine.weight.shape[2:]), "bias": mine.bias is not None}
        changed = msgspec.structs.replace(
            self.layer, filter=0, kernel=mine.kernel(number), bias=mine.bias_of(number), arguments=arguments
        )
        self._put_layer(changed, _("slide a kernel of {title}").format(title=mine.own.title))

    def _choose_kernel(self, name: str | Own) -> None:
        if isinstance(name, Own):
            self.lab.own.ask(name.path, lambda picture: self._take_own(name, picture))
            return
        if name == RANDOM:
            seed = (self.state.seed + 1) % 2**31
            layers = list(self.state.layers)
            layers[self._told] = msgspec.structs.replace(self.layer, kernel=())
            self._put(_("draw a kernel"), layers=tuple(layers), seed=seed)
            return
        kernel = KERNELS[name]
        arguments = {**self.layer.arguments, "kernel_size": len(kernel)}
        self._put_layer(
            msgspec.structs.replace(self.layer, kernel=(kernel,), bias=0.0, arguments=arguments), _("choose a kernel")
        )

    def _choose_filter(self, number: int) -> None:
        mine = self._mine
        if mine is not None and mine.number_of(self.layer.kernel) is not None:
            self._put_mine(mine, min(number, len(mine.weight) - 1))
            return
        self._put_layer(msgspec.structs.replace(self.layer, filter=number, kernel=()), _("look at another filter"))

    def _chain(self, on: bool) -> None:
        layers = (*self.state.layers[:1], _SECOND) if on else self.state.layers[:1]
        text = _("put a second layer behind") if on else _("take the second layer away")
        self._put(text, layers=layers, told=len(layers) - 1, place=None, channel=0)

    def _on_argument(self) -> None:
        """An argument is another: a painted kernel takes its size along."""
        one, values = self.layer, dict(self.page.what_if.values)
        kernel = one.kernel
        if "kernel_size" in values and kernel:
            made = [resized(np.array(channel, np.float32), values["kernel_size"]) for channel in kernel]
            kernel = tuple(rows(channel) for channel in made)
        arguments = {**one.arguments, **values}
        names = ", ".join(values)
        text = _("change {names}").format(names=names)
        self._put_layer(msgspec.structs.replace(one, arguments=arguments, kernel=kernel), text, ("argument", names))

    def _on_painted(self, kernel: np.ndarray) -> None:
        """kernel: (height, width), of the channel that is looked at"""
        if self.answer is None or self.layer.layer not in WEIGHED:
            return
        whole = [np.array(channel) for channel in numbers(self.answer.slid.weight)]
        whole[min(self.state.channel, len(whole) - 1)] = kernel
        painted = tuple(rows(channel) for channel in whole)
        bias = self.answer.slid.bias
        self._put_layer(msgspec.structs.replace(self.layer, kernel=painted, bias=bias), _("paint the kernel"), "paint")

    def _on_played(self, on: bool) -> None:
        self.page.is_pale = self.page.is_pale or on
        if self.answer is not None:
            self._show_answer(self.answer)

    def _on_inked(self) -> None:
        """The pen has drawn on: the newest picture is asked about as soon as the one before is answered."""
        if self.is_drawn:
            self.ask_all()

    def _want_script(self) -> None:
        asked = self._asked(self.state)
        if asked is not None:
            self.ask(ShowPage(convolution=asked, script=True), "script")
