"""Which edits a run can follow without a new beginning."""

import msgspec

from playground.core.arguments import fault_of, in_effect
from playground.core.optimizers import OPTIMIZERS
from playground.core.project import Project
from playground.session.document import same

STEERED = ("lr", "weight_decay")


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
