"""The project as a script: asked of the workbench while somebody looks at it, or wants to have it.

The check of an edit goes first, and one question is under way at a time: the newest project is asked about next. Where
a project cannot be written in the style that was chosen, another style is shown until it can.
"""

from collections.abc import Callable, Hashable
from pathlib import Path as FilePath
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from playground.core.code import ANY, STYLES, Numerics, Script, Span
from playground.core.messages import Answer, CodeWritten, Failed, WriteCode
from playground.core.network import walk
from playground.core.problem import Fault
from playground.core.project import Project, write_project
from playground.disk import atomic
from playground.session.background import Background
from playground.session.client import EngineClient
from playground.session.document import Document
from playground.session.settings import Settings

STYLE = "code/style"  # key of the setting
Taker = tuple[Callable[[Script], None], Callable[[Fault], None]]


class _Wish(NamedTuple):
    """What an answer is wanted for. style: that was chosen;  asked: styles so far;  fault: of the first that failed"""

    project: Project
    style: str
    numerics: Numerics
    asked: tuple[str, ...] = ()
    fault: Fault | None = None


class Scripts(QObject):
    """style: the one that was chosen, a key of `STYLES`
    script: the newest, perhaps of a project from before the last edit; None before the first
    numerics: of the run that is shown, which the script carries
    fault: why there is none of the project as it is now;  refusal: why it is not in the chosen style, a sentence
    """

    changed = Signal()

    def __init__(
        self,
        document: Document,
        client: EngineClient,
        settings: Settings,
        background: Background,
        parent: QObject | None = None,
    ):
        super().__init__(parent)
        self._document, self._client, self._settings, self._background = document, client, settings, background
        known = settings.get(STYLE, "")
        self.style: str = known if known in STYLES else next(iter(STYLES))
        self.numerics = ANY
        self.script: Script | None = None
        self.fault: Fault | None = None
        self.refusal = ""
        self._of: Project | None = None  # the project that `script` is of
        self._told: tuple[Project, str, Numerics] | None = None  # of the last answer
        self._under_way = False
        self._owners: set[Hashable] = set()
        self._takers: list[Taker] = []
        document.begun.connect(self._on_begun)
        client.report_changed.connect(self._try_again)
        client.ready_changed.connect(self._try_again)

    @property
    def is_current(self) -> bool:
        """Whether `script` and `fault` tell of the project as it is now, in the chosen style."""
        told = self._told
        return told is not None and told[0] is self._document.project and told[1:] == (self.style, self.numerics)

    @property
    def shown_style(self) -> str:
        """The chosen style, or the one that is shown in its place."""
        return self.script.style if self.script is not None and self.refusal else self.style

    def want(self, owner: Hashable) -> None:
        """An owner (a panel) looks at the script, and wants to see each that follows."""
        self._owners.add(owner)
        self._ask()

    def unwant(self, owner: Hashable) -> None:
        """It looks no longer."""
        self._owners.discard(owner)

    def choose(self, style: str) -> None:
        """Take another style, now and when the program starts again."""
        if style != self.style:
            self.style, self.refusal, self._told = style, "", None
            self._settings.set(STYLE, style)
            self.changed.emit()
            self._ask()

    def carry(self, numerics: Numerics) -> None:
        """Write scripts that compute as the run does that is shown now."""
        if numerics != self.numerics:
            self.numerics = numerics
            self._ask()

    def get(self, then: Callable[[Script], None], failed: Callable[[Fault], None]) -> None:
        """Give somebody the script of the project as it is now, or why there is none; at once where that is known."""
        self._takers.append((then, failed))
        if self.is_current:
            self._give()
        else:
            self._ask()

    def save(
        self, script: Script, path: FilePath, then: Callable[[None], None], failed: Callable[[Fault], None]
    ) -> None:
        """Write a script to a file, whole or not at all, without the window waiting for the disk."""
        self._background.run(lambda: atomic.write(path, script.text.encode()), then, failed)

    def spans(self) -> tuple[Span, ...]:
        """Those of the script's layers that are still where they were, even if an edit came after it."""
        if self.script is None or self._of is None:
            return ()
        if self._of is self._document.project:
            return self.script.spans
        still = set()
        now = walk(self._document.project.network)
        for (path, layer), (new_path, new_layer) in zip(walk(self._of.network), now, strict=False):
            if (path, layer.layer) != (new_path, new_layer.layer):
                break
            still.add(path)
        return tuple(span for span in self.script.spans if span.path in still)

    def _ask(self) -> None:
        project = self._document.project
        if self._under_way or self.is_current:
            return
        seen = self._owners and self._client.ready and self._client.checked is project
        if seen or self._takers:
            self._send(_Wish(project, self.style, self.numerics), self._likely_style())

    def _likely_style(self) -> str:
        """The chosen one, unless the last script says that it cannot be."""
        refused = self.script.refused if self.script is not None else {}
        can = [style for style in (self.style, *STYLES) if style not in refused]
        return can[0] if can else self.style

    def _send(self, wish: _Wish, style: str) -> None:
        self._under_way = True
        wish = wish._replace(asked=(*wish.asked, style))
        text = write_project(wish.project)
        self._client.ask(
            lambda id: WriteCode(id, text, style, wish.numerics), lambda answer: self._on_answer(wish, answer)
        )

    def _on_answer(self, wish: _Wish, answer: Answer) -> None:
        self._under_way = False
        if wish.project is not self._document.project or wish[1:3] != (self.style, self.numerics):
            self._ask()
        elif isinstance(answer, CodeWritten):
            script = answer.script
            if wish.style in (script.style, *script.refused, *wish.asked):
                self._tell(wish, script)
            else:  # what kept it from the chosen style is gone
                self._send(wish, wish.style)
        elif isinstance(answer, Failed):
            wish = wish._replace(fault=wish.fault or answer.fault)
            others = [style for style in STYLES if style not in wish.asked] if self._may_fit() else []
            if others:
                self._send(wish, others[0])
            else:
                self._tell(wish, None)

    def _may_fit(self) -> bool:
        """Whether a failure may be one of the style: another project's, or a lost workbench's, is one of them all."""
        report = self._client.report if self._client.checked is self._document.project else None
        return self._client.ready and not (report is not None and any(row.error for row in report.rows))

    def _tell(self, wish: _Wish, script: Script | None) -> None:
        self._told = wish.project, wish.style, wish.numerics
        self.fault = wish.fault if script is None else None
        self.refusal = ""
        if script is not None:
            self.script, self._of = script, wish.project
            if script.style != wish.style:
                self.refusal = script.refused.get(wish.style, "") or (wish.fault.what + "." if wish.fault else "")
        self._give()
        self.changed.emit()

    def _give(self) -> None:
        takers, self._takers = self._takers, []
        for then, failed in takers:
            if self.fault is not None:
                failed(self.fault)
            elif self.script is not None:
                then(self.script)

    def _try_again(self, *_news: object) -> None:
        """An edit was checked, data have come, or a new workbench is there: what failed may work now."""
        if self.fault is not None:
            self._told = None
        self._ask()

    def _on_begun(self) -> None:
        """Another document: nothing of it is from before."""
        self.script, self.fault, self.refusal, self._of, self._told = None, None, "", None, None
        self.changed.emit()
