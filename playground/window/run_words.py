"""What the run bar says of a run that has ended or could go on: words alone."""

from playground.core.text import _
from playground.session.carrying import Offer
from playground.session.history import History
from playground.session.longer import Longer

NAMED = 6  # layers, in a tool tip


def how_it_ended(history: History) -> str:
    """A sentence where the network has not the weights of its newest epoch; "" else."""
    if not history.best_is_back:
        return ""
    done, best = history.epochs[-1].epoch, history.weights_epoch
    text = _("After {done:,} epochs the weights are those of epoch {best:,}, the best")
    if history.stopped_early:
        text = _("Stopped by itself after {done:,} epochs; the weights are those of epoch {best:,}, the best")
    return text.format(done=done, best=best)


def what_is_kept(offer: Offer) -> str:
    """What a run does that goes on with a changed network, as sentences."""
    said = [_("This run ends and stays kept; a new one goes on from here with the network as it is now.")]
    if offer.fresh:
        names = ", ".join(offer.fresh[:NAMED]) + (" …" if len(offer.fresh) > NAMED else "")
        said.append(_("New weights: {names}.").format(names=names))
    if offer.epochs:
        said.append(_("It asks for {n:,} more epochs.").format(n=offer.epochs))
    return "\n".join(said)


def longer_words(offer: Longer) -> str:
    """What a run that has ended can do, as an order."""
    if offer.same:
        return _("Go on from the checkpoint at step {step}").format(step=f"{offer.step:,}")
    if offer.asked:
        return _("Go on from step {step:,} to epoch {epochs:,}").format(step=offer.step, epochs=offer.epochs)
    return _("Go on for {n:,} more epochs").format(n=offer.epochs - offer.done)


def what_goes_on(offer: Longer) -> str:
    """What a run does that goes on behind the end of another one, as sentences."""
    said = [_("This run stays kept; a new one goes on from its end, with its weights, optimizer and random numbers.")]
    if offer.stretched:
        text = _("The schedule spans the whole run: it goes on as in one of {epochs:,} epochs, which began otherwise.")
        said.append(text.format(epochs=offer.epochs))
    elif offer.plain:
        said.append(_("On the CPU its figures are those of a run that was so long from the beginning."))
    return "\n".join(said)


def shown_memory(size: int) -> str:
    """Bytes in at most eight characters: 812 MiB, 1.2 GiB, 80 GiB."""
    mib = size / 2**20
    if mib < 999.5:
        return _("{n} MiB").format(n=f"{mib:.0f}")
    return _("{n} GiB").format(n=f"{mib / 1024:.1f}" if mib < 10_000 else f"{mib / 1024:.0f}")
