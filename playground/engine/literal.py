"""Values as the text of a Python script, in the way that a formatter writes them."""

import math
from typing import Any

WIDTH = 88  # columns, ruff's own default


def literal(value: Any) -> str:
    """A JSON value, or a tuple of them. A tuple of one is a list: a comma behind it would break the line."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (list, tuple)):
        inside = ", ".join(literal(one) for one in value)
        return f"({inside})" if len(value) != 1 else f"[{inside}]"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def _text(value: str) -> str:
    """In double quotes, unless single ones save a backslash."""
    if '"' in value and "'" not in value:
        return repr(value)
    # Python itself takes double quotes where there is a single one inside; a zero byte holds the place of double ones.
    inside = repr("'" + value.replace('"', "\0"))[2:-1]
    return '"' + inside.replace("\\x00", '\\"') + '"'
