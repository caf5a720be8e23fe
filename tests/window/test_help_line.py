"""The help at the foot of the form: two lines, and a link that is seen whatever is said."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from playground.core.layers import LAYERS
from playground.window.fields import range_sentence
from playground.window.help_line import HelpLine
from playground.window.theme import theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

SHORT = "<b>stride</b> is the step of the window."
LONG = f"{SHORT} It is as many pixels as the window is moved on from one place to the next one."


@pytest.fixture
def line(qtbot):
    made = HelpLine()
    qtbot.addWidget(made)
    made.resize(380, made.height())
    made.show()
    return made


def fits(line) -> bool:
    """Whether all words are inside of the label, and none of the last line is under the link."""
    metrics = QFontMetrics(line.label.font())
    lines = round(line.label.heightForWidth(line.label.width()) / metrics.lineSpacing())
    return lines <= 2 and line.rect().contains(line.link.geometry())


def test_the_link_names_the_module_and_what_it_does_not_know_is_not_linked(line):
    line.say(SHORT, "", LAYERS["Conv2d"])
    assert line.link.text() == "torch.nn.Conv2d"
    assert line.link.accessibleName() == "Read about Conv2d in PyTorch's documentation"
    assert "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html" in line.link.toolTip()
    line.say("what the data are")
    assert not line.link.isVisible()
    line.say(SHORT, "", LAYERS["Residual"])
    assert (line.link.text(), line.link.accessibleName()) == ("arxiv.org", "Read the paper on Residual")


def test_what_has_no_room_is_left_out_and_the_height_stays(line):
    height = line.height()
    line.say(SHORT, "Range: from 1 px.", LAYERS["Conv2d"])
    assert line.text() == f"{SHORT} Range: from 1 px."
    assert line.link.text() == "torch.nn.Conv2d"
    line.say(LONG, "Range: from 1 px, and more words than the second line has room for.", LAYERS["Conv2d"])
    assert line.text() == LONG
    assert line.link.isVisible()
    assert line.link.text() == ""  # the arrow alone
    assert fits(line)
    line.resize(900, height)
    assert "Range" in line.text()
    assert line.link.text() == "torch.nn.Conv2d"
    assert line.height() == height


@pytest.mark.parametrize("width", [380, 340])
def test_no_link_lies_on_the_words_of_any_layer(line, width):
    """The link is right of the last line's words, or below them."""
    line.resize(width, line.height())
    too_long = []
    for spec in LAYERS.values():
        helps = [(f"<b>{one.name}</b> {one.help}.", range_sentence(one)) for one in spec.arguments]
        for text, more in [*helps, (spec.summary, "")]:
            line.say(text, more, spec)
            assert line.link.isVisible()
            if not fits(line):
                too_long.append(text)
    assert len(set(too_long)) <= 4  # whole sentences on how weights are drawn: the tool tip of the field has them


def test_enter_space_and_a_click_open_the_page_and_nothing_else_does(line, qtbot, opened_pages):
    line.say(SHORT, "", LAYERS["Conv2d"])
    line.link.setFocus()
    assert opened_pages == []
    qtbot.keyClick(line.link, Qt.Key.Key_Return)
    qtbot.keyClick(line.link, Qt.Key.Key_Space)
    qtbot.mouseClick(line.link, Qt.MouseButton.LeftButton)
    assert opened_pages == ["https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"] * 3


def test_it_grows_with_the_text(line, request):
    request.addfinalizer(lambda: theme().set_text_scale(1.0))
    line.say(LONG, "", LAYERS["Conv2d"])
    before = line.height()
    theme().set_text_scale(1.5)
    line.measure()
    assert line.height() > before
    assert line.rect().contains(line.link.geometry())
