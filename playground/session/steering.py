"""Which edits a run can follow without a new beginning."""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject

from playground.core.arguments import fault_of, in_effect
from playground.core.optimizers import OPTIMIZERS
from playground.core.project import Project
from playground.session.document import Document, same

if TYPE_CHECKING:
    from playground.session.training import Training

STEERED = ("lr", "weight_decay")


class Steering(QObject):
    """A learning rate or weight decay that is edited beside its run counts for the run from the next step on; that of
    another document, which was only opened, does not. A run that has ended is let go then: its curves would stand beside
    a network that they are not of."""

    def __init__(self, document: Document, training: "Training"):
        super().__init__(training)
        self._training, self._begun = training, False
        document.begun.connect(self._on_begun)
        document.project_changed.connect(self._on_project_changed)

    def _on_begun(self) -> None:
        self._begun = True
        if not self._training.is_active and self._training.project is not None:
            self._training.reset()

    def _on_project_changed(self, project: Project) -> None:
        begun, self._begun = self._begun, False
        run = self._training.project
        if begun or run is None or self._training.state not in ("running", "paused"):
            return
        changed = steering(run, project)
        if changed:
            self._training.steer(project, **changed)


def steering(run: Project, edited: Project) -> dict[str, float]:
    """Name -> new value of the optimizer's settings in which an edited project differs from that of a run; nothing
    where it differs in anything else, or a value is out of its range."""
    name = run.recipe.optimizer_name
    spec = OPTIMIZERS.get(name)
    if spec is None or edited.recipe.optimizer_name != name:
        return {}
    as_before = msgspec.structs.replace(edited.recipe, optimizer=run.recipe.optimizer)
    if not same(msgspec.structs.replace(edited, recipe=as_before), run):
        return {}
    before = in_effect(spec.arguments, run.recipe.optimizer_arguments, None)
    after = in_effect(spec.arguments, edited.recipe.optimizer_arguments, None)
    changed = {key: after[key] for key in before if after[key] != before[key]}
    arguments = {one.name: one for one in spec.arguments}
    if any(key not in STEERED or fault_of(arguments[key], value) for key, value in changed.items()):
        return {}
    return changed
