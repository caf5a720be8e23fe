"""Chooses the language of this process. To be called before any declaration is imported."""

import gettext
import locale
import os

from playground.core import text
from playground.disk import resources

DOMAIN = "playground"
VARIABLE = "PLAYGROUND_LANGUAGE"


def install() -> None:
    """Use the language of PLAYGROUND_LANGUAGE, else of the system; English where there is no catalogue."""
    wanted = (
        os.environ.get(VARIABLE) or os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or "en"
    )
    text.use(gettext.translation(DOMAIN, resources.path("translations"), [wanted.partition(".")[0]], fallback=True))
