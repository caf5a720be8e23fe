"""A lesson: one file of Markdown, with a head that says what it opens and what is to be tried.

    +++
    title = "Slopes"
    summary = "How steep a curve is, read off its tangent"

    [page]
    topic = "slopes"
    functions = ["x**2"]

    [[steps]]
    say = "Move the tangent to where x² has the slope 4."
    check = "slope"
    function = "x**2"
    slope = 4
    +++
    Text, in Markdown.

The head is TOML between two lines of `+++`. A lesson opens a page of the lab (`[page]`, its fields as in a file of the
lab) or an example (`preset = "lenet-digits"`, and `room = "convolution"` where it begins in another room).
"""

import tomllib
from typing import Annotated, Any

import msgspec

from playground.core.arguments import did_you_mean
from playground.core.lab.topics import State
from playground.core.lessons.checks import CHECKS, Step
from playground.core.problem import Problem
from playground.core.text import _
from playground.core.versioned import converted

SUFFIX = ".md"
MAX_BYTES = 100_000
FENCE = "+++"
# where a project can begin
ROOMS = ("training", "results", "step", "convolution", "draw", "runs", "data", "code", "devices")

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Summary = Annotated[str, msgspec.Meta(min_length=1, max_length=160)]
Steps = Annotated[tuple[Step, ...], msgspec.Meta(min_length=1, max_length=8)]


class Lesson(msgspec.Struct, frozen=True):
    """name: of its file, without the suffix;  summary: one sentence;  text: Markdown
    page: of the lab, else preset: the example that it opens, and room: where, "" where the example itself says
    ours: it came with the program, so that its page may be computed at once
    """

    name: str
    title: str
    summary: str
    text: str
    steps: tuple[Step, ...]
    page: State | None = None
    preset: str = ""
    room: str = ""
    ours: bool = False

    @property
    def short_name(self) -> str:
        """Without the number that orders the files: "slopes" of "02-slopes"."""
        number, _dash, rest = self.name.partition("-")
        return rest if number.isdigit() and rest else self.name


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    title: Title
    summary: Summary
    steps: Steps
    page: State | None = None
    preset: str = ""
    room: str = ""


def read_lesson(text: str, name: str, *, ours: bool = False) -> Lesson:
    """The lesson that a text holds. name: of its file, without the suffix

    raises Problem: the head is missing or no TOML, a field is missing or wrong, there is no such check, or no text
    """
    where = name + SUFFIX
    head, body = _parted(text.removeprefix("\ufeff").replace("\r\n", "\n"), where)
    try:
        raw = tomllib.loads(head)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Problem(
            where=where,
            what=_("its head is no TOML: {error}").format(error=error),
            fix=_('A line of it reads title = "Slopes"; compare it with another lesson'),
        ) from error
    _refuse_unknown_checks(raw.get("steps"), where)
    found = converted(raw, where, _Head)
    _refuse_what_opens_nothing(found, where)
    return Lesson(
        name, found.title, found.summary, body, found.steps, found.page, found.preset, found.room, ours
    )  # fmt: skip


def _parted(text: str, where: str) -> tuple[str, str]:
    """Head and text."""
    opened, _fence, rest = text.lstrip().partition(FENCE + "\n")
    head, fence, body = f"\n{rest}".partition(f"\n{FENCE}\n")
    if opened or not fence:
        raise Problem(
            where=where,
            what=_("it has no head between two lines of {fence}").format(fence=FENCE),
            fix=_("Begin it with such a line, then title, summary and steps, then such a line again"),
        )
    if not body.strip():
        raise Problem(where=where, what=_("there is no text behind its head"), fix=_("Write some lines of Markdown"))
    return head, body.strip() + "\n"


def _refuse_unknown_checks(steps: Any, where: str) -> None:
    """A name that is misspelt gets a better sentence than the one of a field of the wrong kind."""
    for number, step in enumerate(steps if isinstance(steps, list) else []):
        name = step.get("check") if isinstance(step, dict) else None
        if not isinstance(name, str) or name not in CHECKS:
            said = _('at {place}: "{name}" is no check').format(
                place=f"steps[{number}]", name="" if name is None else name
            )
            raise Problem(
                where=where,
                what=said + did_you_mean(str(name or ""), CHECKS),
                fix=_("Choose one of {names}").format(names=", ".join(CHECKS)),
            )


def _refuse_what_opens_nothing(head: _Head, where: str) -> None:
    if bool(head.preset) == (head.page is not None):
        raise Problem(
            where=where,
            what=_("it must open one thing: an example, or a page of the lab"),
            fix=_('Write preset = "lenet-digits", or a table [page] with topic = "slopes"'),
        )
    if head.room and (head.page is not None or head.room not in ROOMS):
        raise Problem(
            where=where,
            what=_('"{room}" is no room that an example can begin in').format(room=head.room)
            + did_you_mean(head.room, ROOMS),
            fix=_("Choose one of {names}").format(names=", ".join(ROOMS)),
        )
