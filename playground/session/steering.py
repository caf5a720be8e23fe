"""Which edits a run can follow without a new beginning."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from playground.core.differences import NETWORK, compare
from playground.core.project import Project
from playground.core.steered import STEERED, followed, settings
from playground.session.document import Document, same

if TYPE_CHECKING:
    from playground.session.training import Training


class Steering(QObject):
    """A learning rate or weight decay that is edited beside its run counts for the run from the next step on, whatever
    else was edited since; that of another document, which was only opened, does not. A run that has ended is let go
    then: its curves would stand beside a network that they are not of."""

    def __init__(self, document: Document, training: "Training"):
        super().__init__(training)
        self._document, self._training = document, training
        self._begun, self._beside = False, True  # beside: whether the document is that of the run
        self._seen = document.project  # as it was when the run was last told
        document.begun.connect(self._on_begun)
        document.project_changed.connect(self._on_project_changed)
        training.history_reset.connect(self._on_run_begun)
        training.state_changed.connect(self._follow)

    def _on_begun(self) -> None:
        self._begun = True
        if not self._training.is_active and self._training.project is not None:
            self._training.reset()

    def _on_run_begun(self) -> None:
        self._beside, self._seen = True, self._document.project

    def _on_project_changed(self, project: Project) -> None:
        begun, self._begun = self._begun, False
        if not begun:
            self._follow()
            return
        run, self._seen = self._training.project, project
        self._beside = run is None or (_alike(run, project) and same(followed(run, project, STEERED), project))

    def _follow(self, _state: str = "") -> None:
        run, state = self._training.project, self._training.state
        if run is not None and state == "preparing":
            return  # it is told as soon as it can obey
        before, self._seen = self._seen, self._document.project
        if run is None or not self._beside or state not in ("running", "paused"):
            return
        changed = steering(run, before, self._seen)
        if changed:
            self._training.steer(followed(run, self._seen, changed), **changed)


def steering(run: Project, before: Project, edited: Project) -> dict[str, float]:
    """Name -> new value of the settings that an edit has changed, where the run has others and its optimizer is the same.

    before: the document's project before the edit. What differed from the run already then, a run that was resumed had
    so of its own.
    """
    if not _alike(run, edited):
        return {}
    now, after = settings(run), settings(edited)
    seen = settings(before) if _alike(run, before) else {}
    return {name: value for name, value in after.items() if value not in (now.get(name), seen.get(name))}


def waiting(run: Project, edited: Project) -> list[str]:
    """Names of the settings of data and recipe that differ from those of a run that goes on: they are the next one's."""
    return [one.name for one in compare([run, edited]) if one.differs and one.group != NETWORK and all(one.values)]


def reaches(run: Project, before: Project, after: Project) -> bool:
    """Whether all that an edit changes counts for the run that goes on, and not only for the next one."""
    return _alike(run, after) and _alike(before, after) and same(followed(before, after, STEERED), after)


def _alike(run: Project, edited: Project) -> bool:
    return run.recipe.optimizer_name == edited.recipe.optimizer_name
