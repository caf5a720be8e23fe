"""The text of the code panel: which lines are another, and that colours that are taken a bit at a time are all there."""

import difflib
import random

import pytest
from pygments.lexers.python import PythonLexer
from PySide6.QtGui import QTextDocument

from playground.window import turns
from playground.window.panels import _code_colors
from playground.window.panels._code_changes import MOST_PAIRS, Hunk, compare, hunk
from playground.window.panels._code_colors import Colors
from playground.window.panels._code_view import CodeView
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

LINES = (
    "import torch",
    "x = nn.Linear(3, 4)  # three",
    'y = "four"',
    "",
    "def f(x):",
    "    return 1",
    '"""',
    "words in",
    "é×",
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("abc", "abc", Hunk(3, 0, 0)), ("abc", "abXc", Hunk(2, 0, 1)), ("abc", "ac", Hunk(1, 1, 0)),
        ("abc", "aXc", Hunk(1, 1, 1)), ("", "ab", Hunk(0, 0, 2)), ("aa", "aaa", Hunk(0, 0, 1)), ("abc", "", Hunk(0, 3, 0)),
    ],
)  # fmt: skip
def test_a_hunk_is_the_smallest_run_that_differs(before, after, expected):
    found = hunk(before, after)
    assert found.removed - found.added == expected.removed - expected.added
    assert (found.removed, found.added) == (expected.removed, expected.added)
    assert before[: found.first] + after[found.first : found.first + found.added] == after[: found.first + found.added]


def test_changed_lines_are_those_that_difflib_adds():
    for seed in range(20):
        draw = random.Random(seed)
        before = [draw.choice("abcdefghij") + str(draw.randrange(40)) for _ in range(60)]
        after = list(before)
        for _ in range(5):
            place = draw.randrange(len(after))
            after[place : place + draw.randrange(3)] = [f"new {draw.random()}" for _ in range(draw.randrange(3))]
        added = [line[2:] for line in difflib.ndiff(before, after) if line.startswith("+ ")]
        assert [after[line] for line in compare(before, after).changed()] == added


def test_a_line_is_found_again_where_it_moved_to():
    found = compare("abcdef", "aXXcdYf")
    assert [found.moved(line) for line in range(6)] == [0, 1, 3, 4, 5, 6]
    assert compare("abc", "c").moved(1) == 0
    assert compare("abc", "abc").moved(2) == 2


def test_very_many_changes_are_not_compared_line_by_line():
    side = int(MOST_PAIRS**0.5) + 1
    before = ["first", *[f"old {n}" for n in range(side)], "same", *[f"old {n}" for n in range(side)], "last"]
    after = [line.replace("old", "new") for line in before]
    assert compare(before, after).changed() == list(range(1, len(before) - 1))


@pytest.fixture
def make_view(qtbot):
    lexer = _code_colors.load()

    def make() -> CodeView:
        view = CodeView()
        qtbot.addWidget(view)
        view.colors.start(lexer)
        return view

    return make


def expected(text: str) -> list[list[tuple[int, str, str]]]:
    """What pygments says of a text as a whole: of each line, (column, text, kind), neighbours of a kind as one."""
    lines: list[list[tuple[int, str, str]]] = [[]]
    column = 0
    for _place, token, value in PythonLexer().get_tokens_unprocessed(text):
        kind = _code_colors._kind(token, value)
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
                column = 0
            if part and kind:
                if lines[-1] and lines[-1][-1][2] == kind and lines[-1][-1][0] + len(lines[-1][-1][1]) == column:
                    start, before, _kind = lines[-1].pop()
                    lines[-1].append((start, before + part, kind))
                else:
                    lines[-1].append((column, part, kind))
            column += len(part)
    return lines


def shown(document: QTextDocument, colors: Colors) -> list[list[tuple[int, str, str]]]:
    """What the document shows."""
    kinds = {colors._format(kind).foreground().color().name(): kind for kind in _code_colors.KINDS}
    lines = []
    for number in range(document.blockCount()):
        block = document.findBlockByNumber(number)
        lines.append(
            [
                (
                    one.start,
                    block.text()[one.start : one.start + one.length],
                    kinds[one.format.foreground().color().name()],
                )
                for one in block.layout().formats()
            ]
        )
    return lines


def finish(view: CodeView) -> None:
    while not view.colors.is_done:
        settle()


@pytest.mark.parametrize("patience", ["each is finished", "the next comes while it is read"])
def test_after_any_edits_each_line_has_the_colours_of_the_whole(qapp, make_view, monkeypatch, patience):
    if patience != "each is finished":
        monkeypatch.setattr(_code_colors, "AT_ONCE_S", 0.00005)
    for seed in range(8):
        view, draw = make_view(), random.Random(seed)
        lines = [draw.choice(LINES) for _ in range(24)]
        for _edit in range(8):
            start = draw.randrange(len(lines))
            lines[start : start + draw.randrange(4)] = [draw.choice(LINES) for _ in range(draw.randrange(4))]
            text = "\n".join(lines).rstrip("\n") + "\n"
            view.show_code(text, flash=False)
            if patience == "each is finished":
                finish(view)
            else:
                qapp.processEvents()
        finish(view)
        assert view.toPlainText() == text
        assert shown(view.document(), view.colors) == expected(text)


def test_where_a_string_is_no_longer_closed_all_below_it_is_the_string(make_view):
    view = make_view()
    lines = ["x = 1", '"""A', 'text."""', "", "import torch", "y = 2"]
    for text in ("\n".join(lines), "\n".join(lines[:2] + lines[3:]), "\n".join(lines)):
        view.show_code(text + "\n", flash=False)
        finish(view)
        assert shown(view.document(), view.colors) == expected(text + "\n")


def test_a_text_that_is_there_before_the_lexer_gets_its_colours_later(make_view, qtbot):
    view = CodeView()
    qtbot.addWidget(view)
    view.show_code("import torch\n", flash=False)
    settle()
    assert not view.colors.is_done
    view.colors.start(_code_colors.load())
    finish(view)
    assert shown(view.document(), view.colors) == [[(0, "import", "keyword")], []]


def test_a_small_edit_of_a_long_text_is_read_and_not_all_of_it(make_view):
    view = make_view()
    lines = [f"x_{n} = nn.Linear({n}, 4)" for n in range(400)]
    view.show_code("\n".join(lines) + "\n", flash=False)
    finish(view)
    read = []
    before = view.colors._close
    view.colors._close = lambda *args, **more: (read.append(view.colors._line), before(*args, **more))
    lines[0], lines[200] = "# the first one, too", "y = 5"
    view.show_code("\n".join(lines) + "\n", flash=False)
    finish(view)
    assert read == [0, 200]


def test_a_long_text_is_coloured_in_many_turns(make_view, monkeypatch):
    monkeypatch.setattr(_code_colors, "AT_ONCE_S", 0.0)
    monkeypatch.setattr(turns, "AT_ONCE_S", 0.0)  # else a quick machine takes many turns at once
    view = make_view()
    view.show_code("".join(f"x_{n} = 4\n" for n in range(50)), flash=False)
    assert not view.colors.is_done
    settle()
    assert not view.colors.is_done
    finish(view)
    assert len(view.document().findBlockByNumber(49).layout().formats()) == 1
