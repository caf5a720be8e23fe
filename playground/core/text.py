"""The translation function. Every text that a person reads goes through `_`.

A process chooses its language once, before it imports any declaration (`disk.language.install`),
because declarations are translated when they are made.
"""

import gettext

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use(catalogue: gettext.NullTranslations) -> None:
    """Take every later text from this catalogue."""
    global _catalogue
    _catalogue = catalogue


def _(message: str) -> str:
    """The message in the reader's language; English is the key and the fallback."""
    return _catalogue.gettext(message)


def plural(one: str, many: str, count: int) -> str:
    """The form of a message that fits the count, e.g. plural("{n} layer", "{n} layers", 3)."""
    return _catalogue.ngettext(one, many, count).format(n=f"{count:,}")
