"""A form for a new tensor: how it is made, with which arguments, and the line of PyTorch that is written for it.

The form writes a line and nothing else. Before that, the workbench has tried it, as it tries the examples.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QMenu, QPushButton, QVBoxLayout, QWidget

from playground.core.lab.messages import Ask, TryLines
from playground.core.lab.new_tensors.declared import Maker
from playground.core.lab.new_tensors.examples import examples
from playground.core.lab.new_tensors.lines import NAME, Draft, draft
from playground.core.lab.new_tensors.makers import MAKERS
from playground.core.lab.new_tensors.reading import on_auto
from playground.core.lab.told import Trial, Tried
from playground.core.lab.topics import LONGEST_LINE, MOST_LINES
from playground.core.lab.words import WORDS
from playground.core.spec import Argument
from playground.core.text import _
from playground.window.field_grid import NameLabel
from playground.window.fields import ArgumentField, range_sentence
from playground.window.lab.boxes import column_in
from playground.window.lab.tab_order import tab_stops
from playground.window.lab.tensors import words
from playground.window.lab.tensors.maker_page import MakerPage
from playground.window.layer_list.panel import hairline
from playground.window.style import FocusRing
from playground.window.theme import theme
from playground.window.web import PageLink

Asker = Callable[[Ask, Callable[[Any], None], str], None]
_NAME = Argument(name=NAME, kind="text", default="", help=_("is what the lines below call the tensor"))
_LIST, _WIDTH, _LABEL = 112, 340, 96  # px
_MOST_FIELDS = max(len(maker.fields) for maker in MAKERS.values())


class Place(NamedTuple):
    """Where the tensor is to stand. lines, seed: of the page;  computed: those lines, () where they may not be computed
    taken: what is on the bench;  name: a free one;  tensor, array: on the bench, "" where there is none
    """

    lines: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    seed: int = 0
    taken: tuple[str, ...] = ()
    name: str = "a"
    tensor: str = ""
    array: str = ""


class NewTensor(QDialog):
    """line_wanted: the line that a person has made. It keeps what was given from one opening to the next."""

    line_wanted = Signal(str)

    def __init__(self, ask: Asker, parent: QWidget) -> None:
        super().__init__(parent)
        self._ask, self._place, self._draft = ask, Place(), Draft()
        self._given: dict[str, Any] = {}  # entry -> what was given, for every maker that has such an entry
        self._name = ""
        self.pages: dict[str, MakerPage] = {}
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(_("New tensor"))
        self._make_parts()
        self._lay_out()
        self._ring = FocusRing(self)
        self.kinds.currentTextChanged.connect(lambda _title: self._on_kind_chosen())
        theme().changed.connect(self._dress)
        self._dress()
        for before, one in pairwise(tab_stops(self)):
            QWidget.setTabOrder(before, one)
        self.kinds.setCurrentRow(0)

    # Parts --------------------------------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.kinds = QListWidget()
        self.kinds.setProperty("role", "kinds")
        self.kinds.setAccessibleName(_("How it is made"))
        self.kinds.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for maker in MAKERS.values():
            self.kinds.addItem(maker.title)
            self.kinds.item(self.kinds.count() - 1).setToolTip(f"{maker.word} {maker.help}.")
        self.kinds.installEventFilter(self)
        self.help, self.preview, self.outcome = QLabel(), QLabel(), QLabel()
        for label, role in ((self.help, "small"), (self.preview, "code"), (self.outcome, "small")):
            label.setProperty("role", role)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.preview.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.preview.setAccessibleName(_("The line of PyTorch"))
        self.link = PageLink()
        self.name = ArgumentField(_NAME, can_release=False)
        self.name.explain()
        self.name.set_requested.connect(self._on_named)
        self.name.entered.connect(lambda: self._help_with(NAME))
        self.offers, self.cancel, self.make = (
            QPushButton(_("Example lines")),
            QPushButton(_("Cancel")),
            QPushButton(_("Make it")),
        )
        self.offers.setMenu(QMenu(self.offers))
        self.offers.menu().setToolTipsVisible(True)
        for button in (self.offers, self.cancel):
            button.setAutoDefault(False)
        self.make.setProperty("kind", "main")
        self.make.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.make.clicked.connect(lambda _on=False: self._on_made())

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(20, 16, 20, 12)
        right.setSpacing(8)
        named = QHBoxLayout()
        named.setSpacing(8)
        self._name_label = NameLabel(NAME, self.name)
        named.addWidget(self._name_label)
        named.addWidget(self.name, 1)
        right.addLayout(named)
        self._holder = QWidget()
        self._fields = column_in(self._holder)  # one page at a time
        right.addWidget(self._holder, 1)
        told = QHBoxLayout()
        told.setSpacing(4)
        told.addWidget(self.help, 1)
        told.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)
        right.addLayout(told)
        right.addWidget(self.preview)
        right.addWidget(self.outcome)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.kinds)
        body.addWidget(hairline("vertical"))
        body.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 12, 20, 12)
        foot.setSpacing(8)
        foot.addWidget(self.offers)
        foot.addStretch(1)
        for button in (self.cancel, self.make):
            button.setMinimumWidth(88)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(hairline())
        column.addLayout(foot)

    def _dress(self) -> None:
        scale, line = theme().text_scale, theme().tokens["font"]["line_px"]["small"] * theme().text_scale
        self.kinds.setFont(theme().font("base", mono=True))
        self.kinds.setFixedWidth(round(_LIST * scale))
        for row in range(self.kinds.count()):
            self.kinds.item(row).setSizeHint(QSize(0, theme().size("field")))
        self.kinds.setMinimumHeight(self.kinds.count() * theme().size("field") + 8)
        self.preview.setFont(theme().font("base", mono=True))
        for label in (self.help, self.outcome):
            label.setMinimumHeight(round(2 * line) + 4)
        self.preview.setMinimumWidth(round(_WIDTH * scale))
        self._holder.setMinimumHeight(_MOST_FIELDS * (theme().size("form_row") + 2))
        self._name_label.setFixedWidth(round(_LABEL * scale))
        self.name.measure()
        for page in self.pages.values():
            page.measure()
            page.set_label_width(round(_LABEL * scale))

    # The form -----------------------------------------------------------------------------------------------------

    @property
    def page(self) -> MakerPage:
        """The fields that are shown."""
        return self.pages[self.kinds.currentItem().text()]

    def begin(self, place: Place) -> None:
        """Show the form for a tensor that is to stand here."""
        self._place, self._name = place, place.name
        self.offers.setEnabled(False)
        self.offers.menu().clear()
        self._ask_for_examples()
        self._renew()
        self._help_with("")
        self.kinds.setFocus(Qt.FocusReason.OtherFocusReason)
        self.resize(self.minimumSizeHint())
        self.open()

    def choose(self, title: str) -> None:
        """Show the fields of a maker, a key of `MAKERS`."""
        self.kinds.setCurrentRow(list(MAKERS).index(title))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.kinds and event.type() == QEvent.Type.FocusIn:
            self._help_with("")
        return super().eventFilter(watched, event)

    def _on_kind_chosen(self) -> None:
        maker = self._maker
        if maker.title not in self.pages:
            self.pages[maker.title] = self._made_page(maker)
        for page in self.pages.values():
            if page.isHidden() is (page is self.page):
                page.setVisible(page is self.page)
        order = _("Read about {word} in PyTorch's documentation").format(word=maker.word)
        self.link.lead_to("", WORDS[maker.word].docs_url, order)
        self.link.shorten(True)
        self._help_with("")
        self._renew()

    def _made_page(self, maker: Maker) -> MakerPage:
        """Tab comes to its fields behind the name, however late they are made."""
        page = MakerPage(maker)
        page.given.connect(self._on_given)
        page.entered.connect(self._help_with)
        page.set_label_width(round(_LABEL * theme().text_scale))
        page.hide()
        self._fields.addWidget(page)
        for before, one in pairwise((self.name, *tab_stops(page))):
            QWidget.setTabOrder(before, one)
        return page

    def _on_given(self, name: str, value: Any) -> None:
        if value is None:
            self._given.pop(name, None)
        else:
            self._given[name] = value
        self._renew()

    def _on_named(self, name: str) -> None:
        self._name = name.strip()
        self._renew()

    def _help_with(self, name: str) -> None:
        """Tell of the entry that has the keyboard, or of what makes the tensor."""
        entry = next((one for one in self._maker.fields if one.name == name), None)
        argument = _NAME if name == NAME else entry.argument if entry is not None else None
        if argument is None:
            self.help.setText(f"{self._maker.word} {self._maker.help}.")
        else:
            self.help.setText(f"{argument.name} {argument.help}. {range_sentence(argument)}".strip())

    # The line -----------------------------------------------------------------------------------------------------

    @property
    def _maker(self) -> Maker:
        return MAKERS[self.kinds.currentItem().text()]

    @property
    def line(self) -> str:
        """The line that would be written, "" while something is wrong."""
        return self._draft.line

    def _own(self) -> dict[str, Any]:
        """What was given for the entries that are shown; a dtype that this maker does not take is left out."""
        entries = {one.name: one for one in self._maker.fields}
        return {
            name: value
            for name, value in self._given.items()
            if name in entries and (not entries[name].choices or value in entries[name].choices)
        }

    def _renew(self) -> None:
        maker, given, place = self._maker, self._own(), self._place
        self._draft = made = draft(maker, self._name, given, place.lines, place.taken)
        began = {one.name: one.default for one in maker.fields if one.default is not None}
        self.page.show_values({**began, **on_auto(maker, given), **given}, given, made.wrong, made.sentence)
        self.name.show_value(self._name, True, made.sentence if made.wrong == NAME else None)
        self.preview.setText(made.line or f"{self._name} = {maker.word}(…)")
        self.make.setEnabled(bool(made.line))
        if made.line:
            self._say("" if self.outcome.property("role") == "error" else self.outcome.text())
            question = TryLines(place.computed, (made.line,), place.seed)
            self._ask(question, self._on_tried, "new tensor")
        else:
            self._say(made.sentence, "error")

    def _on_tried(self, answer: Any) -> None:
        """The workbench has the last word: it may know what the form does not, such as how much memory is left."""
        trial = answer.trials[0] if isinstance(answer, Tried) else None
        if trial is None or trial.line != self._draft.line:
            return
        if trial.fault is None:
            self._say(words.made(trial))
        else:
            told = [f"{one.rstrip('.')}." for one in (trial.fault.sentence, trial.fault.fix) if one]
            self._draft = Draft(sentence=" ".join(told))
            self._say(self._draft.sentence, "error")
            self.make.setEnabled(False)

    def _say(self, text: str, role: str = "small") -> None:
        if self.outcome.property("role") != role:
            self.outcome.setProperty("role", role)
            self.outcome.style().polish(self.outcome)
        self.outcome.setText(text)
        self.make.setAccessibleDescription(text)

    def _on_made(self) -> None:
        if self._draft.line:
            self._give(self._draft.line)

    def _give(self, line: str) -> None:
        self.accept()
        self.line_wanted.emit(line)

    # Examples -----------------------------------------------------------------------------------------------------

    def _ask_for_examples(self) -> None:
        place = self._place
        lines = {f"{place.name} = {one.line}": one.help for one in examples(place.tensor, place.array)}
        tries = tuple(line for line in lines if len(line) <= LONGEST_LINE)

        def then(answer: Any) -> None:
            if isinstance(answer, Tried) and self._place is place:
                self._offer([one for one in answer.trials if one.fault is None and one.dtype], lines)

        if len(place.lines) < MOST_LINES:
            self._ask(TryLines(place.computed, tries, place.seed), then, "example lines")

    def _offer(self, trials: list[Trial], helps: Mapping[str, str]) -> None:
        """Lines that were accepted. helps: line -> what it does"""
        menu = self.offers.menu()
        menu.clear()
        for trial in trials:
            action = menu.addAction(trial.line.partition(" = ")[2])
            action.setToolTip(f"{helps[trial.line]}: {words.made(trial)}")
            action.triggered.connect(lambda _on=False, line=trial.line: self._give(line))
        self.offers.setEnabled(bool(trials))
