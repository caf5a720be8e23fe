"""What may differ between a run and its fork: recipe and data may, the layers must be the same."""

from itertools import zip_longest

from playground.core.network import Network, walk
from playground.core.project import Project
from playground.core.text import _


def other_layer(parent: Network, child: Network) -> tuple[str, str] | None:
    """(where, what) of the first layer that is of another kind or stands elsewhere; None where there is none.

    Arguments may differ: whether the weights have the same shapes is PyTorch's to say.
    """
    for number, (old, new) in enumerate(zip_longest(walk(parent), walk(child)), 1):
        if new is None:
            layer = old[1].layer
            return _("Layer {index}, {layer}").format(index=number, layer=layer), _("it is missing, the run has it")
        where = _("Layer {index}, {layer}").format(index=number, layer=new[1].layer)
        if old is None:
            return where, _("the run has no such layer")
        if old[1].layer != new[1].layer:
            return where, _("it is {layer} in the run").format(layer=old[1].layer)
        if old[0] != new[0]:
            return where, _("it stands in another block in the run")
        if old[1].disabled != new[1].disabled:
            return where, _("it is switched on in the run") if new[1].disabled else _("it is switched off in the run")
    return None


def same_batches(parent: Project, child: Project) -> bool:
    """Whether an epoch of both is made of the same batches, so that a fork may go on in the middle of one."""
    return (parent.data, parent.recipe.seed) == (child.data, child.recipe.seed)


def doubts(parent: Project, child: Project, in_epoch: bool) -> list[str]:
    """What to know of a fork before it begins, as sentences. in_epoch: it begins in the middle of an epoch"""
    said = []
    old, new = parent.data, child.data
    split = [(one.dataset, one.options, one.test_fraction, one.validation_fraction, one.stratify) for one in (old, new)]
    if split[0] != split[1] or parent.recipe.seed != child.recipe.seed:
        said.append(_("The data are split anew: what is now tested may have been trained on before."))
    if in_epoch and not same_batches(parent, child):
        said.append(_("The epoch that the checkpoint lies in is begun again, as its batches are others."))
    return said
