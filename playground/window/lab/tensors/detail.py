"""The value that is looked at: its cells, its facts, its storage, and lines worth trying on it."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.lab.told import Bench, Cells, TensorFacts
from playground.core.text import _
from playground.window.flow import FlowLayout
from playground.window.lab.tensors import places, words
from playground.window.lab.tensors.grid import Grid
from playground.window.lab.tensors.storage import StorageRow
from playground.window.theme import theme

MOST_BLOCKS = 6  # matrices of a tensor of a higher order that are seen at once
_FACTS = 260  # px for what stands beside them
Leading = tuple[int, ...]


class Detail(QWidget):
    """cell_chosen: a place;  number_given: a place and what was typed there;  line_wanted: a line to add or take away
    window_wanted: other cells are to be seen
    """

    cell_chosen = Signal(tuple)
    number_given = Signal(tuple, float)
    line_wanted = Signal(str)
    window_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.facts: TensorFacts | None = None
        self.first_block = 0
        self.grids: list[Grid] = []
        self._captions: list[QLabel] = []
        self._holders: list[QWidget] = []
        self.title, self.sentence, self.caption, self.changed = QLabel(), QLabel(), QLabel(), QLabel()
        self.storage = StorageRow()
        self.chips: list[QPushButton] = []
        self._make_facts()
        self._lay_out()
        self.storage.chosen.connect(self._on_storage_chosen)

    # Parts --------------------------------------------------------------------------------------------------------

    def _make_facts(self) -> None:
        self._facts = QWidget()
        table = QGridLayout(self._facts)
        table.setContentsMargins(0, 2, 0, 0)
        table.setHorizontalSpacing(12)
        table.setVerticalSpacing(2)
        self.values: dict[str, QLabel] = {}
        names = {
            "shape": _("shape"), "dtype": _("dtype"), "strides": _("strides"), "memory": _("memory"),
            "device": _("device"), "requires_grad": _("requires_grad"), "shares": _("shared with"),
        }  # fmt: skip
        for row, (key, name) in enumerate(names.items()):
            head, value = QLabel(name), QLabel()
            head.setProperty("role", "small")
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            table.addWidget(head, row, 0)
            table.addWidget(value, row, 1)
            self.values[key] = value
        table.setColumnStretch(1, 1)
        table.setRowStretch(len(names), 1)

    def _lay_out(self) -> None:
        for label in (self.sentence, self.changed, self.caption):
            label.setWordWrap(True)
            label.setProperty("role", "small")
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setProperty("role", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.blocks, chips = QWidget(), QWidget()
        self._blocks, self._chips = FlowLayout(self.blocks, gap=12), FlowLayout(chips, gap=6)
        self.before, self.after = QPushButton("‹"), QPushButton("›")
        for button, step, tip in ((self.before, -1, _("The matrices before")), (self.after, 1, _("More matrices"))):
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _on=False, step=step: self._turn(step))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.before)
        head.addWidget(self.after)
        middle = self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        middle.setSpacing(20)
        middle.addWidget(self.blocks)
        middle.addWidget(self._facts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(middle)
        for widget in (self.changed, self.caption, self.storage, self.sentence, chips):
            column.addWidget(widget)
        column.addStretch(1)

    def _block(self, number: int) -> Grid:
        """The grid of one matrix, made when it is needed first."""
        while number >= len(self.grids):
            holder, caption, grid = QWidget(), QLabel(), Grid(_("Cells of"))
            caption.setProperty("role", "tick")
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(caption)
            column.addWidget(grid)
            place = len(self.grids)
            grid.chosen.connect(lambda row, across, place=place: self._on_chosen(place, row, across))
            grid.number_given.connect(
                lambda row, across, value, place=place: self._on_number(place, row, across, value)
            )
            grid.window_wanted.connect(self.window_wanted)
            self.grids.append(grid)
            self._captions.append(caption)
            self._holders.append(holder)
            self._blocks.addWidget(holder)
        return self.grids[number]

    # What is asked for --------------------------------------------------------------------------------------------

    def leading(self, facts: TensorFacts) -> list[Leading]:
        """The matrices that are to be seen."""
        return list(places.blocks(facts.shape, self.first_block, MOST_BLOCKS))

    def window_of(self, number: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The cells of a matrix that are to be fetched."""
        if number < len(self.grids) and self.grids[number].cells is not None:
            return self.grids[number].wanted()
        return (0, 0), (24, 24)

    def _turn(self, step: int) -> None:
        self.first_block = max(0, self.first_block + step * MOST_BLOCKS)
        self.window_wanted.emit()

    # What is shown ------------------------------------------------------------------------------------------------

    def show_value(
        self, facts: TensorFacts, cells: Mapping[Leading, Cells], place: places.Place, bench: Bench, watched: int
    ) -> None:
        """place: of the chosen cell;  watched: the line whose changes are told"""
        if self.facts is not None and self.facts.label != facts.label:
            self.first_block = 0
        self.facts = facts
        changes = next((one.places for one in bench.changes if one.label == facts.label), ())
        shown = [one for one in self.leading(facts) if one in cells]
        for number, leading in enumerate(shown):
            self._show_block(number, facts, cells[leading], place, changes)
        for number, holder in enumerate(self._holders):
            holder.setVisible(number < len(shown))
        self._share_out()
        self._show_turning(facts)
        self._show_facts(facts)
        first = next(iter(cells.values()), None)
        if first is not None:
            self.storage.show_storage(facts, first, place)
        self.storage.setVisible(first is not None and bool(first.storage.shape[0]))
        self.caption.setVisible(not self.storage.isHidden())
        self.caption.setText(words.storage_words(facts))
        self.sentence.setText(words.memory_words(facts))
        self.changed.setText(words.change_words(bench, watched))
        self.changed.setVisible(bool(self.changed.text()))

    def _share_out(self) -> None:
        """The facts stand right beside the cells, as long as no small matrix is cut by it; else below them."""
        shown = [grid for grid, holder in zip(self.grids, self._holders, strict=True) if not holder.isHidden()]
        wanted = sum(grid.sizeHint().width() + 12 for grid in shown)
        least = max((grid.minimumSizeHint().width() for grid in shown), default=0)
        facts = 0 if self._facts.isHidden() else min(_FACTS, self._facts.minimumSizeHint().width() + 52)
        beside = least + facts <= self.width()
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if way != self._middle.direction():
            self._middle.setDirection(way)
            self._middle.setSpacing(20 if beside else 4)
        room = self.width() - (_FACTS if beside else 32)
        self.blocks.setFixedWidth(max(80, least, min(wanted, room)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _show_block(
        self, number: int, facts: TensorFacts, cells: Cells, place: places.Place, changes: tuple[places.Place, ...]
    ) -> None:
        lead, row, column = places.cell_of(place)
        inside = places.is_in(facts, place) and lead == cells.leading
        here = [places.cell_of(one) for one in changes]
        self._block(number).show_cells(
            facts,
            cells,
            place=(row, column) if inside else None,
            same=places.same_memory(facts, cells, facts, place),
            changed=frozenset((down, across) for at, down, across in here if at == cells.leading),
        )
        self.grids[number].mark_lines(-1, column if inside and len(facts.shape) > 1 else -1)
        self._captions[number].setText(f"[{', '.join(map(str, cells.leading))}]")
        self._captions[number].setVisible(bool(cells.leading))

    def _show_turning(self, facts: TensorFacts) -> None:
        count = 1
        for size in facts.shape[:-2]:
            count *= size
        for button in (self.before, self.after):
            button.setVisible(count > MOST_BLOCKS)
        self.before.setEnabled(self.first_block > 0)
        self.after.setEnabled(self.first_block + MOST_BLOCKS < count)

    def _show_facts(self, facts: TensorFacts) -> None:
        self.title.setText(facts.label)
        tensor = facts.kind in ("tensor", "array")
        self._facts.setVisible(tensor)
        size = 1
        for side in facts.shape:
            size *= side
        memory = words.bytes_of(size * facts.itemsize)
        if size * facts.itemsize != facts.storage_bytes:
            memory = _("{own}, of a storage of {all}").format(own=memory, all=words.bytes_of(facts.storage_bytes))
        grad = _("yes") if facts.requires_grad else _("no")
        if facts.grad:
            grad = _("yes, and .grad is there")
        said = {
            "shape": words.listed(facts.shape), "dtype": facts.dtype, "strides": words.listed(facts.strides),
            "memory": memory, "device": facts.device, "requires_grad": grad if facts.kind == "tensor" else _("NumPy has none"),
            "shares": words.and_list(facts.shares) if facts.shares else _("nothing"),
        }  # fmt: skip
        for key, text in said.items():
            self.values[key].setText(text)

    def show_chips(self, lines: list[str], there: frozenset[str]) -> None:
        """Lines worth trying, down where they stand on the bench."""
        while len(self.chips) < len(lines):
            chip = QPushButton()
            chip.setCheckable(True)
            chip.clicked.connect(lambda _on=False, chip=chip: self.line_wanted.emit(chip.property("line")))
            self.chips.append(chip)
            self._chips.addWidget(chip)
        for chip, line in zip(self.chips, lines, strict=False):
            chip.setProperty("line", line)
            chip.setText(line.replace("&", "&&"))
            chip.setFont(theme().font("small", mono=True))
            chip.setChecked(line in there)
            chip.setToolTip(_("Take this line away") if line in there else _("Add this line"))
        for number, chip in enumerate(self.chips):
            chip.setVisible(number < len(lines))

    def dress(self) -> None:
        for grid in self.grids:
            grid.dress()
        self.storage.dress()
        for chip in self.chips:
            chip.setFont(theme().font("small", mono=True))

    # The hand -----------------------------------------------------------------------------------------------------

    def _place(self, number: int, row: int, column: int) -> places.Place:
        cells = self.grids[number].cells
        assert self.facts is not None
        assert cells is not None
        return places.place_of(self.facts, cells.leading, row, column)

    def _on_chosen(self, number: int, row: int, column: int) -> None:
        self.cell_chosen.emit(self._place(number, row, column))

    def _on_number(self, number: int, row: int, column: int, value: float) -> None:
        self.number_given.emit(self._place(number, row, column), value)

    def _on_storage_chosen(self, at: int) -> None:
        """The cell that is this number of the storage, where one of those that are seen is."""
        for grid in self.grids:
            if grid.cells is None or self.facts is None or grid.isHidden():
                continue
            wanted = self.facts.start + (at - self.facts.offset) * self.facts.itemsize
            found = (places.addresses(self.facts, grid.cells) == wanted).nonzero()
            if len(found[0]):
                row, column = int(found[0][0]) + grid.cells.first[0], int(found[1][0]) + grid.cells.first[1]
                self.cell_chosen.emit(places.place_of(self.facts, grid.cells.leading, row, column))
                return
