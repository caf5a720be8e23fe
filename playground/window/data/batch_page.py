"""The page "Next batch": the samples of one step as they are stored, and exactly as the network gets them."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from playground.core.arguments import shown_shape
from playground.core.messages import Array, BatchSeen, Surveyed
from playground.core.spec import DatasetSpec
from playground.core.text import _, plural
from playground.session.history import numbers
from playground.session.session import Session
from playground.window.data import drawing
from playground.window.data.detail import memory_text
from playground.window.data.drawing import Scale
from playground.window.icon_button import icon_button
from playground.window.layer_list.panel import hairline
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

MOST_SHOWN = 256  # samples that are drawn of a batch
_GAP, _CAPTION = 6, 14
_SIDES = ((32, 64), (128, 44), (MOST_SHOWN, 28))  # up to so many samples, px of a picture


class BatchStrip(QWidget):
    """The samples of a batch side by side, in their order."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._values: np.ndarray = np.empty((0, 1))
        self._labels: list[str] = []
        self._spec: DatasetSpec | None = None
        self._scale = Scale(0, 1)
        self._images: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_batch(self, values: np.ndarray, labels: list[str], spec: DatasetSpec, scale: Scale) -> None:
        """values: (n, *shape)"""
        self._values, self._labels, self._spec, self._scale = values[:MOST_SHOWN], labels, spec, scale
        pictures = self._values[:, None] if spec.kind == "text" and values.ndim == 3 else self._values  # one-hot
        self._images = drawing.images(pictures, scale) if pictures.ndim == 4 else []
        self.updateGeometry()
        self.update()

    @property
    def _tile(self) -> tuple[int, int]:
        if self._images:
            side = next(side for most, side in _SIDES if len(self._values) <= most)
            return side, side
        kind = self._spec.kind if self._spec else ""
        return (120, 40) if kind == "series" else (self.width() - 32, 20)

    def _columns(self, width: int) -> int:
        return max(1, (width - 32 + _GAP) // (self._tile[0] + _GAP)) if self._tile[1] > 20 else 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # its height follows its width

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = -(-len(self._values) // self._columns(width))
        return lines * (self._tile[1] + self._space) + 4

    @property
    def _space(self) -> int:
        """Below a sample: nothing under a row, room for its label under a picture that is wide enough."""
        if self._tile[1] <= 20:
            return 0
        return _GAP + (_CAPTION if self._tile[1] >= 40 else 0)

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(max(200, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width, height = self._tile
        columns = self._columns(self.width())
        for place in range(len(self._values)):
            line, column = divmod(place, columns)
            tile = QRectF(16 + column * (width + _GAP), line * (height + self._space), width, height)
            if tile.bottom() >= event.rect().top() and tile.top() <= event.rect().bottom():
                self._draw(painter, tile, place)

    def _draw(self, painter: QPainter, tile: QRectF, place: int) -> None:
        kind = self._spec.kind if self._spec else ""
        label = self._labels[place] if place < len(self._labels) else ""
        if self._images:
            drawing.draw_image(painter, tile, self._images[place])
            self._draw_label(painter, tile, label)
        elif kind == "series" and self._values[place].ndim <= 2:
            painter.fillRect(tile, theme().color("sunken"))
            drawing.draw_series(painter, tile.adjusted(3, 4, -3, -4), self._values[place], self._scale)
            self._draw_label(painter, tile, label)
        else:
            painter.setFont(theme().font("small", mono=True))
            painter.setPen(theme().color("text_secondary"))
            text = self._row(self._values[place])
            room = tile.adjusted(0, 0, -110, 0)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
            painter.setPen(theme().color("text"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(tile, flags, painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, 104))

    def _draw_label(self, painter: QPainter, tile: QRectF, label: str) -> None:
        if self._space <= _GAP:
            return
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_secondary"))
        below = QRectF(tile.x(), tile.bottom() + 1, tile.width(), _CAPTION)
        shown = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, int(tile.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, shown)

    def _row(self, values: np.ndarray) -> str:
        if self._spec and self._spec.kind == "text" and values.ndim == 1 and values.dtype.kind in "iu":
            return drawing.text_of(values, self._spec.classes)
        return "  ".join(f"{drawing.value_text(float(one)):>8}" for one in values.reshape(-1)[:32])


class BatchPage(QWidget):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._epoch, self._step = 0, 0
        self._shown: BatchSeen | None = None
        self._survey: Surveyed | None = None
        self.title, self.facts = QLabel(), QLabel()
        self.title.setProperty("role", "secondary")
        self.facts.setProperty("role", "small")
        self.facts.setWordWrap(True)
        self.trouble = QLabel()
        self.trouble.setProperty("role", "error")
        self.trouble.setWordWrap(True)
        self.trouble.setContentsMargins(16, 4, 16, 4)
        self.trouble.hide()
        self.before, self.after = BatchStrip(_("As stored")), BatchStrip(_("As the network gets it"))
        self._back = self._arrow("chevron-left", _("The step before"), -1)
        self._on = self._arrow("chevron-right", _("The next step"), 1)
        self._lay_out()
        theme().changed.connect(self._draw)
        session.training.state_changed.connect(self._on_state_changed)

    def _arrow(self, icon: str, tip: str, by: int) -> QToolButton:
        return icon_button(icon, tip, lambda: self.go(self._step + by))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 12, 4)
        head.addWidget(self.title, 1)
        self.of_run = QToolButton()
        self.of_run.setText(_("Next of the run"))
        self.of_run.setToolTip(_("The batch that the run takes next"))
        self.of_run.clicked.connect(self._go_to_run)
        head.addWidget(self.of_run)
        head.addWidget(self._back)
        head.addWidget(self._on)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 8)
        inner.setSpacing(6)
        for text, strip in ((_("As stored"), self.before), (_("As the network gets it"), self.after)):
            label = QLabel(text)
            label.setProperty("role", "title")
            label.setContentsMargins(16, 6, 16, 0)
            inner.addWidget(label)
            inner.addWidget(strip)
        inner.addStretch(1)
        scroll = ScrollArea(holder, keyboard=True)
        self.facts.setContentsMargins(16, 6, 16, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.trouble)
        column.addWidget(scroll, 1)
        column.addWidget(hairline())
        column.addWidget(self.facts)

    def go(self, step: int) -> None:
        """Look at another step of the training, from 0; beyond the end of an epoch lies the next one."""
        steps = self._shown.steps if self._shown else 1
        if step < 0:
            self._epoch, self._step = max(0, self._epoch - 1), (steps - 1 if self._epoch else 0)
        elif step >= steps:
            self._epoch, self._step = self._epoch + 1, 0
        else:
            self._step = step
        self._draw()

    def refresh(self, survey: Surveyed) -> None:
        if survey is not self._survey:
            self._survey, self._shown = survey, None
        self._draw()

    def _place_in_run(self) -> tuple[int, int] | None:
        """Epoch and step that a run of this very project takes next; None where there is no such run."""
        training = self._session.training
        if not training.is_current or training.frame is None or training.facts is None:
            return None
        return divmod(training.facts.counted(training.frame.step), max(1, training.facts.steps_per_epoch))

    def _on_state_changed(self, _state: str) -> None:
        self.of_run.setVisible(self._place_in_run() is not None)

    def _go_to_run(self) -> None:
        place = self._place_in_run()
        if place is not None:
            self._epoch, self._step = place
            self._draw()

    def _draw(self) -> None:
        looking, survey = self._session.looking, self._survey
        self.of_run.setVisible(self._place_in_run() is not None)
        if survey is None:
            return
        batch = looking.batch(self._epoch, self._step)
        fault = looking.fault_of_batch(self._epoch, self._step)
        self.trouble.setText(str(fault) if fault else "")
        self.trouble.setVisible(fault is not None)
        if batch is None:
            return
        self._shown, self._step = batch, batch.step
        spec = survey.dataset
        targets = numbers(batch.targets)
        labels = [drawing.class_name(float(np.ravel(one)[0]), spec) for one in targets]
        self.before.show_batch(numbers(batch.stored), labels, spec, drawing.scale_of(survey.stored))
        self.after.show_batch(numbers(batch.inputs), labels, spec, drawing.scale_of(survey.prepared))
        self.title.setText(self._sentence(batch))
        self.facts.setText(batch_facts(batch))
        self._back.setEnabled(self._epoch > 0 or self._step > 0)

    def _sentence(self, batch: BatchSeen) -> str:
        data, seed = self._session.document.project.data, self._session.document.project.recipe.seed
        text = _("Step {step:,} of {steps:,} in epoch {epoch:,}").format(
            step=batch.step + 1, steps=batch.steps, epoch=batch.epoch + 1
        )
        order = _("shuffled with seed {seed}").format(seed=seed) if data.shuffle else _("in the order of the files")
        return f"{text} · {plural('{n} sample', '{n} samples', len(batch.numbers))} · {order}"


def batch_facts(batch: BatchSeen) -> str:
    """The tensors of the batch in one line."""
    values = numbers(batch.inputs)
    count = len(batch.numbers)
    shape = shown_shape((count, *values.shape[1:]))
    exact = values.astype(np.float64)
    size = count * int(np.prod(values.shape[1:], dtype=int)) * values.itemsize
    parts = [
        _("inputs {shape} {dtype}").format(shape=shape, dtype=values.dtype),
        _("targets {shape} {dtype}").format(
            shape=shown_shape((count, *batch.targets.shape[1:])), dtype=batch.targets.dtype
        ),
    ]
    if exact.size and _is_number(batch.inputs):
        mean, std = drawing.value_text(float(exact.mean())), drawing.value_text(float(exact.std()))
        parts += [_("mean {value}").format(value=mean), _("std {value}").format(value=std)]
    return "   ".join([*parts, memory_text(size)])


def _is_number(array: Array) -> bool:
    return array.dtype.startswith("float")
