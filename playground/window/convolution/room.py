"""The room: what slides above, the input and the map, the arithmetic of one place, and the bar to slide with."""

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import Signal

from playground.core.arguments import in_effect
from playground.core.convolving import WINDOWS, Slide
from playground.core.drawing import DRAWING
from playground.core.edit import Edit, SetArgument
from playground.core.lab.topics import Convolution
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.messages import Picture, Watch
from playground.core.text import _
from playground.session.history import numbers
from playground.window.convolution import told
from playground.window.convolution.bars import Head
from playground.window.convolution.lab_page import page_of
from playground.window.convolution.page import Page
from playground.window.convolution.scene import MINE, PAINTED_NAMES, Scene, wish
from playground.window.convolution.what_if import WhatIf
from playground.window.panels._layers import Numbered, numbered

_SAMPLE = ("ink", _("{shape}, as the network gets it"))
_MAP = ("viridis", _("{shape}, channel {channel}"))
NEWS_EACH_S = 0.1  # of a run: how often its newest weights are asked about


class Room(Page):
    """rewatch_requested: other pictures are needed;  described: a text for the title bar"""

    rewatch_requested = Signal()
    described = Signal(str)

    def __init__(self, session: Any) -> None:
        super().__init__(Head(), Scene(), WhatIf(_("What if")))
        self.session = session
        self.sliding = session.sliding
        self.sliding.changed.connect(self._show)
        self._asked_at = 0.0
        self._picture: Picture | None = None
        self._connect()
        session.document.selection_changed.connect(self._follow_selection)
        session.document.sample_changed.connect(lambda sample: self.show_canvas(session.drawing, sample == DRAWING))
        self.show_canvas(session.drawing, session.document.sample == DRAWING)
        self._show()

    # Parts --------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.head.mode_chosen.connect(self._choose_mode)
        self.head.layer_chosen.connect(self._choose_layer)
        self.head.filters.chosen.connect(self._choose_filter)
        self.head.kernel_chosen.connect(self._choose_kernel)
        self.head.chain.toggled.connect(self._chain)
        self.head.told_chosen.connect(self._tell)
        self.head.paint_requested.connect(self._paint_this)
        self.what_if.changed.connect(self._on_what_if)
        self.what_if.used.connect(self._use)
        self.went.connect(self._on_went)
        self.channels.chosen.connect(self._choose_channel)
        self.arithmetic.kernel_changed.connect(self._on_painted)
        self.player.played.connect(self._on_played)
        self.adder.stepped.connect(self._choose_channel)
        self.tail.copy.clicked.connect(lambda _checked=False: self.sliding.script(self.tail.take))

    # What is watched and asked ------------------------------------------------------------------------------------

    def layers(self) -> list[Numbered]:
        """Those with a window."""
        return [one for one in numbered(self.session.document.project) if one.spec.name in WINDOWS]

    @property
    def layer(self) -> Numbered | None:
        layers = self.layers()
        return next((one for one in layers if one.path == self.scene.path), next(iter(layers), None))

    def watches(self) -> tuple[Watch, ...]:
        layer, sample = self.layer, self.session.document.sample
        found = []
        if layer is not None:
            found.append(Watch("window", {"layer": list(layer.path), "sample": sample, "first": self.scene.first}))
        if self.scene.mode == "paint":
            found.append(Watch("prediction", {"sample": sample}))
        return tuple(found)

    def refresh(self) -> None:
        """Ask about what there is now, and show what is known of it."""
        layers = self.layers()
        self.head.show_layers([(one.title, list(one.path)) for one in layers], self.layer and list(self.layer.path))
        pictures = {watch.probe: self.session.training.picture(watch) for watch in self.watches()}
        self._picture = pictures.get("window")
        question = self._of_painting(pictures) if self.scene.mode == "paint" else self._of_layer()
        if question is not None and not self._rests(question):
            self._asked_at = time.monotonic()
            self.sliding.ask(question)
        self.player.ready = not self.sliding.is_busy
        if self.sliding.is_busy and self.sliding.answer is not None:
            self._describe()  # all else follows with the answer
        else:
            self._show()

    def _rests(self, question: Slide) -> bool:
        """Whether this is only a run's newest step, and another one was asked about just now."""
        asked, lately = self.sliding.asked, time.monotonic() - self._asked_at < NEWS_EACH_S
        running = self.session.training.state == "running"
        return running and lately and asked is not None and wish(question) == wish(asked)

    def _ask(self) -> None:
        """A person has changed something: ask at once."""
        self._asked_at = 0.0
        self.refresh()

    def _arrays(self) -> dict[str, np.ndarray]:
        picture = self._picture
        if picture is None or picture.fault or "input" not in picture.arrays:
            return {}
        return {name: numbers(one) for name, one in picture.arrays.items()}

    def _of_layer(self) -> Slide | None:
        layer, arrays = self.layer, self._arrays()
        if layer is None or not arrays or arrays["input"].ndim != 3 or self._picture is None:
            return None
        facts = self._picture.facts
        self.scene.filter = min(self.scene.filter, facts["filters"] - 1)
        first = facts["first"]
        if "weight" in arrays and not first <= self.scene.filter < first + len(arrays["weight"]):
            self._choose_first()
        base = self._base(layer, arrays)
        use = _("Use it in row {number}").format(number=layer.number)
        self.what_if.show_layer(layer.spec, base, use=use, tip=_("Change the project; it can be undone"))
        kernels = (
            arrays["weight"][:, min(self.scene.channel, arrays["weight"].shape[1] - 1)] if "weight" in arrays else None
        )
        self.head.show_filters(kernels, self.scene.filter, first, facts["filters"])
        after = facts.get("after")
        follows = Layer(after["layer"], after["arguments"]) if after else None
        changed = Layer(layer.layer.layer, {**base, **self.what_if.values})
        return self.scene.of_layer(changed, arrays, follows, self.session.document.project.recipe.seed, first)

    def _choose_first(self) -> None:
        """Ask for the filters around the one that is looked at."""
        first = self.scene.filter // 16 * 16
        if first != self.scene.first:
            self.scene.first = first
            self.rewatch_requested.emit()

    def lab_page(self) -> Convolution | None:
        """What slides here as a page of the lab; None where nothing does, or too much."""
        slid, asked = self.sliding.answer, self.sliding.asked
        return None if slid is None or asked is None else page_of(slid, asked)

    def _base(self, layer: Numbered, arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
        """The arguments of the layer in effect that PyTorch's module takes."""
        values = in_effect(layer.spec.arguments, layer.layer.arguments, tuple(arrays["input"].shape))
        ours = {one.name for one in layer.spec.arguments if one.to == "module"}
        return {name: value for name, value in values.items() if name in ours}

    def _of_painting(self, pictures: Mapping[str, Picture | None]) -> Slide | None:
        scene = self.scene
        layer = self.layer
        self.head.show_painting(scene, layer.title if layer is not None and layer.spec.kernels else "")
        self.what_if.show_layer(LAYERS["Conv2d"], scene.painted.arguments, PAINTED_NAMES)
        picture, first = pictures.get("prediction"), self._picture
        if first is not None and first.facts.get("input"):
            picture = first  # it is there already
        if picture is None or "input" not in picture.arrays:
            return None
        sample = numbers(picture.arrays["input"])
        if sample.ndim != 3:
            return None
        scene.source = min(scene.source, len(sample) - 1)
        return scene.of_paintings(sample)

    # What is shown ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        slid, asked = self.sliding.answer, self.sliding.asked
        paint = self.scene.mode == "paint"
        of_this = slid is not None and asked is not None and told.is_painted(asked) == paint
        why = self._why_nothing()
        shown = of_this and not why
        fault = self.sliding.fault
        self.show_parts(shown, why, _("PyTorch says: {what}").format(what=fault) if fault else "")
        self.player.ready = not self.sliding.is_busy
        if shown and slid is not None and asked is not None:
            is_sample = self._picture is not None and bool(self._picture.facts.get("input"))
            self.show_answer(slid, asked, _SAMPLE if told.is_painted(asked) or is_sample else _MAP)
        self._describe()

    def _why_nothing(self) -> str:
        """Why there is nothing to see; empty where there is, or will be."""
        if self.scene.mode == "layer" and self.layer is None:
            return _(
                "No layer of this network has a window. Add a convolution or a pooling, or paint a kernel on the sample."
            )
        if self.scene.mode == "layer" and self._picture is not None and self._picture.fault:
            return self._picture.fault
        if self.scene.mode == "paint":
            spec = self.session.looking.dataset
            if spec is not None and spec.kind != "picture":
                return _("A kernel slides over pictures, and these samples are none.")
        return ""

    def _describe(self) -> None:
        number = self.session.document.sample
        sample = _("your drawing") if number == DRAWING else _("sample {number:,}").format(number=number)
        picture = self._picture
        if self.scene.mode == "paint" or picture is None:
            self.described.emit(sample)
            return
        step = _("weights after step {step:,}").format(step=picture.step) if picture.step else _("untrained weights")
        if self.session.training.is_from_before(picture.watch):
            step += ", " + _("before the edit")
        self.described.emit(f"{sample} · {step}")

    # What a person does -------------------------------------------------------------------------------------------

    def _choose_mode(self, mode: Any) -> None:
        self.scene.mode, self.scene.at, self.scene.channel = mode, None, 0
        self.rest()
        self.sliding.forget()
        self.head.show_mode(mode)
        self.rewatch_requested.emit()

    def _choose_layer(self, path: Any) -> None:
        if self.layer is not None and tuple(path) == self.layer.path:
            return
        self.scene.path, self.scene.at = tuple(path), None
        self.scene.let_go_of_mine()
        self.scene.filter = self.scene.first = self.scene.channel = 0
        self.what_if.values = {}
        self.rest()
        self.sliding.forget()
        self.rewatch_requested.emit()

    def _follow_selection(self, paths: Any) -> None:
        if len(paths) == 1 and any(one.path == tuple(paths[0]) for one in self.layers()):
            self._choose_layer(paths[0])

    def _choose_filter(self, number: int) -> None:
        self.scene.filter = number
        self._ask()

    def _choose_channel(self, number: int) -> None:
        self.scene.channel = number
        self._ask()

    def _choose_kernel(self, name: str) -> None:
        kernel = told.kernel_called(name, self._arrays(), self.scene)
        if kernel is not None:
            painted = self.scene.painted
            painted.resized(list(kernel.shape))
            painted.values, painted.name = kernel, name
        self._ask()

    def _chain(self, on: bool) -> None:
        self.scene.chained = on
        self.scene.told = 1 if on else 0
        self._ask()

    def _tell(self, number: int) -> None:
        self.scene.told = number
        self._ask()

    def _paint_this(self) -> None:
        """Take the kernel that is seen to where it can be changed."""
        kernel = told.kernel_called(MINE, self._arrays(), self.scene)
        if kernel is not None:
            self.scene.told = 0
            self.scene.painted.resized(list(kernel.shape))
            self.scene.painted.values, self.scene.painted.name = kernel, MINE
            self._choose_mode("paint")

    def _on_painted(self, kernel: np.ndarray) -> None:
        self.scene.painted.values, self.scene.painted.name = kernel, ""
        self._ask()

    def _on_what_if(self) -> None:
        if self.scene.mode == "paint":
            painted, values = self.scene.painted, dict(self.what_if.values)
            self.what_if.values = {}
            if "kernel_size" in values:
                painted.resized(values.pop("kernel_size"))
            painted.arguments |= values
        self._ask()

    def _use(self) -> None:
        layer = self.layer
        if layer is not None and self.what_if.values:
            changes: list[Edit] = [SetArgument(layer.path, *change) for change in self.what_if.values.items()]
            self.what_if.values = {}
            self.session.document.apply(*changes)

    def _on_went(self, number: int, row: int, column: int) -> None:
        self.scene.told, self.scene.at = number, (row, column)
        self._ask()

    def _on_played(self, on: bool) -> None:
        self.is_pale = self.is_pale or on
        self.refresh()
