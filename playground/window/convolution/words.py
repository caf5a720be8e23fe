"""Sentences with the numbers at hand: the work of a layer, and why it has so few weights."""

from playground.core.convolving import Slid
from playground.core.text import _, plural


def work(slid: Slid) -> tuple[str, str]:
    """What the layer does for one sample: its factors, and the number of multiply-adds."""
    filters, places, products = slid.terms
    if not products:
        high, wide = slid.places.shape
        text = _("{filters} channels × {places:,} places × {cells} values looked at")
        return text.format(filters=filters, places=places, cells=high * wide), _("nothing is multiplied")
    said = " × ".join((
        plural("{n} filter", "{n} filters", filters),
        plural("{n} place", "{n} places", places),
        plural("{n} product", "{n} products", products),
    ))  # fmt: skip
    return said, plural("{n} multiply-add", "{n} multiply-adds", slid.multiply_adds)


def lesson(name: str, slid: Slid, has_bias: bool, painted: bool = False) -> str:
    """What there is to see, with the numbers at hand."""
    places = slid.maps[-1].shape[0] * slid.maps[-1].shape[1]
    if name == "MaxPool2d":
        return _("Only the largest value of each window goes on; nothing is learned here.")
    if name == "AvgPool2d":
        return _("Each value counts the same; nothing is learned here.")
    weights = len(slid.channels) * slid.places.shape[0] * slid.places.shape[1]
    if painted:
        return _("The same kernel everywhere: drag a cell up or down, or type a number, and the whole map follows.")
    parameters = slid.shape[0] * (weights + has_bias)
    text = _("The same {weights} serve all {places:,} places: this layer has only {parameters:,} parameters.")
    said = plural("{n} weight", "{n} weights", weights)
    if has_bias:
        said += _(" and one bias")
    return text.format(weights=said, places=places, parameters=parameters)
