"""The project as a PyTorch script that grows as one edits. A click on a line selects its layer, and the reverse."""

from typing import Any

from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.core.code import STYLES, Script, Span
from playground.core.network import Path
from playground.core.spec import PanelSpec
from playground.core.text import _, plural
from playground.window import code_orders
from playground.window.data.segments import Segments
from playground.window.panels import _code_colors
from playground.window.panels._code_view import CodeView
from playground.window.panels._done_button import DoneButton
from playground.window.panels.base import Panel
from playground.window.theme import theme

SHORT = {  # names where there is no room
    "sequential": _("Sequential"), "class": _("Module"), "scratch": _("scratch"), "processes": _("torchrun"),
}  # fmt: skip
BESIDE = 100  # px of the title bar that its title and margins take, at a text of 100 %


class CodePanel(Panel):
    """It shows what `session.scripts` has; while it is hidden, nothing is written."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._stale = True
        self._shown: Script | None = None  # what a person has before them, and so can see change
        self._revealed: tuple[Path, ...] = ()  # the selection whose lines were brought into sight
        self.view = CodeView()
        session.background.run(_code_colors.load, self.view.colors.start)
        self.view.line_chosen.connect(self._on_line_chosen)
        self.note = QLabel()
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(16, 0, 16, 6)
        self.note.hide()
        self.styles = Segments(STYLES, _("Style of the code"))
        self.styles.chosen.connect(session.scripts.choose)
        self.copy_button = DoneButton(_("Copy"), _("Copied"), "copy")
        self.copy_button.clicked.connect(lambda: code_orders.copy(session, self.copy_button.say_done))
        self.save_button = DoneButton(_("Save …"), _("Saved"), "save")
        self.save_button.clicked.connect(lambda: code_orders.save(session, self.window(), self.save_button.say_done))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        session.scripts.changed.connect(self._on_news)
        session.document.begun.connect(self._on_begun)
        session.document.selection_changed.connect(self._on_selected)

    def header_widgets(self) -> list[QWidget]:
        return [self.styles, self.copy_button, self.save_button]

    def refresh(self) -> None:
        if not self._stale:
            return
        self._stale = False
        scripts = self.session.scripts
        script, fault = scripts.script, scripts.fault
        changed: frozenset[int] = frozenset()
        if script is not self._shown or script is None:
            flash = script is not None and self._shown is not None and self._shown.style == script.style
            changed = self.view.show_code(script.text if script is not None else "", flash)
            self._shown = script if scripts.is_current else None
        self.view.colors.set_quiet(fault is not None)
        self.view.setPlaceholderText("" if fault is not None else _("Writing the code …"))
        self._show_styles(script)
        self._show_note(script)
        self._mark(changed)

    def request_refresh(self, *_ignored: Any) -> None:
        """Frames of a run change nothing here."""
        if self._stale:
            super().request_refresh()

    def rewatch(self, *_ignored: Any) -> None:
        """An edit is shown when its script is there."""

    def dress(self) -> None:
        self.view.dress()
        self._fit_header()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_header()

    def _fit_header(self) -> None:
        """Shorter names, and then icons, where the title bar has no room for all of them."""
        room = self.width() - round(BESIDE * theme().text_scale)
        buttons = (self.copy_button, self.save_button)
        for names, brief in ((STYLES, False), (SHORT, False), (SHORT, True)):
            for style in STYLES:
                self.styles.say(style, names[style])
            for button in buttons:
                button.be_brief(brief)
            if sum(one.sizeHint().width() for one in (self.styles, *buttons)) <= room:
                break

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_news()
        self.session.scripts.want(self)

    def hideEvent(self, event: QHideEvent) -> None:
        self.session.scripts.unwant(self)
        self._shown = None  # what changes meanwhile does not flash: nobody has seen what was there before
        super().hideEvent(event)

    def _on_news(self) -> None:
        self._stale = True
        super().request_refresh()

    def _on_begun(self) -> None:
        self._shown, self._revealed = None, ()

    def _show_styles(self, script: Script | None) -> None:
        refused = script.refused if script is not None else {}
        for style in STYLES:
            button = self.styles.button(style)
            button.setEnabled(style not in refused)
            button.setToolTip(refused.get(style, ""))
            button.setAccessibleDescription(refused.get(style, ""))
        self.styles.choose(self.session.scripts.shown_style)

    def _show_note(self, script: Script | None) -> None:
        scripts = self.session.scripts
        text = ""
        if scripts.fault is not None:
            before = _("This is the code from before the edit.") if script is not None else _("There is no code yet.")
            text = f"{before} {scripts.fault}"
        elif scripts.refusal:
            text = scripts.refusal
        self.note.setText(text)
        self.note.setVisible(bool(text))
        for button in (self.copy_button, self.save_button):
            button.setEnabled(script is not None and scripts.fault is None)
        lines = script.text.count("\n") if script is not None else 0
        self.set_subtitle(plural("{n} line", "{n} lines", lines) if lines else "")

    # Lines and layers ---------------------------------------------------------------------------------------------

    def _on_line_chosen(self, line: int) -> None:
        span = innermost(self.session.scripts.spans(), line)
        if span is not None:
            self._revealed = (span.path,)  # it is in sight already
            self.session.document.select([span.path])

    def _on_selected(self, *_paths: Any) -> None:
        scripts = self.session.scripts
        if self.isVisible() and (scripts.is_current or scripts.fault is not None):
            self._mark(frozenset())  # else with the script that is being written

    def _mark(self, changed: frozenset[int]) -> None:
        """Tint the lines of the selected layers. changed: lines that are another than before"""
        selection = self.session.document.selection
        lines = lines_of(self.session.scripts.spans(), selection)
        self.view.mark(lines)
        if selection != self._revealed or lines & changed:
            self._revealed = selection
            self.view.reveal(lines & changed or lines)


def innermost(spans: tuple[Span, ...], line: int) -> Span | None:
    """The smallest span that holds a line; None where there is none."""
    holding = [span for span in spans if span.first <= line <= span.last]
    return min(holding, key=lambda span: (span.last - span.first, -len(span.path)), default=None)


def lines_of(spans: tuple[Span, ...], paths: tuple[Path, ...]) -> frozenset[int]:
    """The lines of some layers."""
    return frozenset(line for span in spans if span.path in paths for line in range(span.first, span.last + 1))


SPEC = PanelSpec(name="code", title=_("Code"), make=CodePanel, room="code", order=10, lab=("tensors", "autograd"))
