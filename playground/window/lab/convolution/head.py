"""What slides, and over what: the picture, the layer, its kernel, and whether a second layer follows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from playground.core.drawing import DRAWING
from playground.core.lab.topics import Convolution, Slider
from playground.core.layers import LAYERS
from playground.core.spec import Argument
from playground.core.text import _
from playground.session.own_kernels import Own
from playground.window import icons
from playground.window.convolution.bars import kernel_box
from playground.window.data.segments import Segments
from playground.window.fields import ArgumentField
from playground.window.panels.base import toggle

OWN = "own"
SAMPLES = {
    "digits": _("A digit"),
    "shapes": _("A shape"),
    "photo:flower": _("Flower, three colours"),
    "photo:temple": _("Temple, three colours"),
    DRAWING: _("Drawing"),
}
NUMBERED = ("digits", "shapes")
KINDS = ("Conv2d", "MaxPool2d", "AvgPool2d", "ConvTranspose2d")
WEIGHED = ("Conv2d", "ConvTranspose2d")
_NUMBER = Argument(name="sample", kind="int", default=0, help=_("is the number of the sample"), low=0, high=9999)
_FILTER = Argument(name="filter", kind="int", default=0, help=_("is the output channel that is looked at"), low=0, high=4095)  # fmt: skip


class LabHead(QWidget):
    """sample_chosen: its name, or OWN;  kind_chosen: of the layer;  filter_chosen: its number
    kernel_chosen: its name, or the `Own` whose it is to be
    chained: whether there are two in a row;  told_chosen: which of the two
    """

    sample_chosen = Signal(str)
    kind_chosen = Signal(str)
    kernel_chosen = Signal(object)
    filter_chosen = Signal(int)
    chained = Signal(bool)
    told_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._dataset = "digits"
        self.picture = QPushButton()
        self.picture.setAccessibleName(_("Picture that the window slides over"))
        self.picture.setIcon(icons.icon("chevron-down"))
        self.picture.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the words
        menu = QMenu(self.picture)
        for name, title in (*SAMPLES.items(), (OWN, _("A picture of yours …"))):
            menu.addAction(title).setData(name)
        menu.triggered.connect(lambda action: self._on_picture(action.data()))
        self.picture.setMenu(menu)
        self.number = ArgumentField(_NUMBER, can_release=False)
        self.number.setAccessibleName(_("Number of the sample"))
        self.number.setFixedWidth(64)
        self.number.set_requested.connect(lambda value: self.sample_chosen.emit(f"{self._dataset}:{int(value)}"))
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(_("Layer that slides"))
        for kind in KINDS:
            self.kinds.addItem(LAYERS[kind].name, kind)
        self.kinds.activated.connect(lambda _row: self.kind_chosen.emit(self.kinds.currentData()))
        self.kernels = kernel_box()
        self.kernels.setMinimumContentsLength(14)  # "Mine: 12 Conv2d"
        self._named = self.kernels.count()
        self._offered: tuple[list[Own], int] = ([], 0)
        self.kernels.activated.connect(self._on_kernel)
        self.filter_name = QLabel(_("Filter"))
        self.filter = ArgumentField(_FILTER, can_release=False)
        self.filter.setAccessibleName(_("Filter that is looked at"))
        self.filter.setFixedWidth(56)
        self.filter.set_requested.connect(lambda value: self.filter_chosen.emit(int(value)))
        self.chain = toggle(
            _("Two in a row"), _("The map of the first is what the second one gets"), False, lambda _on: None
        )
        self.chain.clicked.connect(self.chained)
        self.which = Segments({"0": _("First"), "1": _("Second")}, _("Which of the two is told"))
        self.which.chosen.connect(lambda key: self.told_chosen.emit(int(key)))
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        ours = (
            self.picture,
            self.number,
            self.kinds,
            self.kernels,
            self.filter_name,
            self.filter,
            self.chain,
            self.which,
        )
        for widget in ours:
            row.addWidget(widget)
        rest = QWidget()
        rest.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row.addWidget(rest, 1)

    def show_own(self, convolutions: list[Own], channels: int) -> None:
        """Offer the kernels of the project's own layers. channels: of what is slid over, which have to be as many"""
        if (convolutions, channels) == self._offered:
            return
        self._offered = convolutions, channels
        chosen = self.kernels.currentData()
        while self.kernels.count() > self._named:
            self.kernels.removeItem(self._named)
        for one in convolutions:
            self.kernels.addItem(_("Mine: {title}").format(title=one.title), _key(one))
            item = self._item(self.kernels.count() - 1)
            item.setToolTip(_("The weights of this layer as they are now"))
            if one.channels not in (1, channels):
                item.setEnabled(False)
                why = _("Its filters see {theirs} channels, here are {here}; the room Convolution slides them")
                item.setToolTip(why.format(theirs=one.channels, here=channels))
        self.kernels.setCurrentIndex(self.kernels.findData(chosen) if chosen is not None else -1)

    def _item(self, row: int) -> QStandardItem:
        model = self.kernels.model()
        assert isinstance(model, QStandardItemModel)
        return model.item(row)

    def show_state(self, state: Convolution, kernel: str, mine: tuple[Own, int] | None = None) -> None:
        """kernel: name of the one that is told, "" for one of the learner's own;  mine: whose it is, and its filter"""
        told: Slider = state.layers[min(state.told, len(state.layers) - 1)]
        name, _colon, number = state.sample.partition(":")
        self._dataset = name
        numbered = not state.picture and state.sample not in SAMPLES
        title = SAMPLES.get(state.sample) or SAMPLES.get(name) or state.sample
        self.picture.setText(_("Yours") if state.picture else title)
        self.number.setVisible(numbered)
        if numbered and number.isdecimal():
            self.number.show_value(int(number), True)
        self.kinds.setCurrentIndex(self.kinds.findData(told.layer))
        weighed = told.layer in WEIGHED
        self.kernels.setVisible(weighed)
        self.kernels.setCurrentIndex(self.kernels.findData(kernel) if kernel else -1)
        self.kernels.setPlaceholderText(_("Painted") if told.kernel else _("Drawn at random"))
        if mine is not None:
            self.kernels.setCurrentIndex(self.kernels.findData(_key(mine[0])))
        several = weighed and (_count(told) > 1 or (mine is not None and mine[0].filters > 1))
        self.filter_name.setVisible(several)
        self.filter.setVisible(several)
        self.filter.show_value(told.filter if mine is None else mine[1], True)
        self.chain.setChecked(len(state.layers) > 1)
        self.which.setVisible(len(state.layers) > 1)
        self.which.choose(str(min(state.told, len(state.layers) - 1)))

    def _on_kernel(self, row: int) -> None:
        own = row - self._named
        self.kernel_chosen.emit(self._offered[0][own] if own >= 0 else self.kernels.itemData(row))

    def _on_picture(self, name: str) -> None:
        self.sample_chosen.emit(f"{name}:0" if name in NUMBERED else name)


def _count(told: Slider) -> int:
    count = told.arguments.get("out_channels", 1)
    return count if isinstance(count, int) else 1


def _key(own: Own) -> str:
    return f"own/{'/'.join(map(str, own.path))}"
