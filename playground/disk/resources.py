"""The program's own files: icons, theme, presets, texts.

An installed wheel holds them inside the package; a checkout has them beside it.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def root() -> Path:
    """The folder `resources`."""
    package = Path(str(files("playground")))
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def path(*parts: str) -> Path:
    """A file of the program, e.g. path("theme", "tokens.json")."""
    return root().joinpath(*parts)
