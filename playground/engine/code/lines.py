"""Lines of a script, each with the layer that it is of, laid out as `ruff format` would.

A call that does not fit into a line is broken one argument a line, with a comma behind the last one: that form stays as
it is at every line length that a formatter may be set to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from playground.core.code import Span
from playground.core.network import Path
from playground.engine.literal import WIDTH, literal


class Line(NamedTuple):
    """path: of the layer that it is of, None where it is of none"""

    text: str
    path: Path | None = None


@dataclass(frozen=True)
class Call:
    """name(arguments). broken: one argument a line, even where it would fit

    path: of the layer that it makes;  remarks: comments above it;  keyword: "layers=", or nothing
    """

    name: str
    arguments: tuple["Call | str", ...] = ()
    path: Path | None = None
    broken: bool = False
    remarks: tuple[str, ...] = ()
    keyword: str = ""

    @property
    def flat(self) -> str:
        inside = ", ".join(one if isinstance(one, str) else one.flat for one in self.arguments)
        return f"{self.keyword}{self.name}({inside})"

    @property
    def must_break(self) -> bool:
        """Whether it cannot stand on one line, however long."""
        inside = [one for one in self.arguments if isinstance(one, Call)]
        return (self.broken and bool(self.arguments)) or any(one.must_break or one.remarks for one in inside)


def laid_out(call: Call, indent: str = "", before: str = "", after: str = "") -> list[Line]:
    """before, after: what stands on its first and its last line, "self.conv1 = " or ","."""
    remarks = [Line(f"{indent}# {remark}", call.path) for remark in call.remarks]
    whole = f"{indent}{before}{call.flat}{after}"
    if not call.must_break and len(whole) <= WIDTH:
        return [*remarks, Line(whole, call.path)]
    inside: list[Line] = []
    for one in call.arguments:
        deeper = indent + "    "
        if isinstance(one, str):
            inside.append(Line(one if one.startswith("#") else f"{one},", call.path))
            inside[-1] = Line(deeper + inside[-1].text, call.path)
        else:
            inside += laid_out(one, deeper, after=",")
    first = Line(f"{indent}{before}{call.keyword}{call.name}(", call.path)
    return [*remarks, first, *inside, Line(f"{indent}){after}", call.path)]


def plain(text: str) -> list[Line]:
    """Lines that are of no layer."""
    return [Line(line) for line in text.strip("\n").split("\n")]


def keyword(name: str, value: Any) -> str:
    return f"{name}={literal(value)}"


def one_line(text: str) -> str:
    """Text of a stranger's file as a comment may hold it: what follows a line's end would be code."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def switched_off(kind: str) -> str:
    """The comment in place of a layer; of an unknown kind the name may be anything."""
    return f"# {''.join(remark_of(kind)) or 'A layer'} is switched off"


def remark_of(text: str) -> tuple[str, ...]:
    """A name that a person gave, as a comment; none where tools would take it for a word to them."""
    text = one_line(text)
    lowered = text.lower().replace(" ", "")
    to_tools = ("fmt:", "noqa", "type:", "ruff:", "isort:", "pragma", "yapf:", "!", "-*-", "coding")
    return () if not text or any(word in lowered for word in to_tools) else (text,)


def spans_of(lines: Sequence[Line]) -> tuple[Span, ...]:
    """Stretches of lines of each layer; a block has those of its layers, too."""
    paths = {line.path[:cut] for line in lines if line.path for cut in range(1, len(line.path) + 1)}
    return tuple(span for path in sorted(paths) for span in _stretches(lines, path))


def _stretches(lines: Sequence[Line], path: Path) -> Iterable[Span]:
    first: int | None = None
    for number, line in enumerate([*lines, Line("")], 1):
        inside = line.path is not None and line.path[: len(path)] == path
        if inside and first is None:
            first = number
        if not inside and first is not None:
            yield Span(path, first, number - 1)
            first = None
