"""The panel "Draw your own", with a workbench that answers at once."""

import numpy as np
import pytest

from playground.core.drawing import DRAWING
from playground.core.edit import SetData
from playground.core.messages import DrawingFitted, FitDrawing, Frame, Watch
from playground.session.history import numbers
from playground.window.panels.draw import WATCH, DrawPanel
from playground.window.panels.filters import FiltersPanel
from tests.window.frame import array, lenet_report, show_report
from tests.window.panels.feed import FACTS, answer as answer_of, feed, pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def answer(make_question, take) -> None:
    question = make_question(1)
    if isinstance(question, FitDrawing):
        ink = numbers(question.ink)[0].reshape(32, 4, 32, 4).mean(axis=(1, 3)) / 255
        take(DrawingFitted(1, array(ink[None, ::4, ::4]), array(ink[None]), True))


@pytest.fixture
def panel(session, qtbot) -> DrawPanel:
    session.client.ask, session.client.ready = answer, True
    show_report(session, lenet_report(session.document.project))
    made = DrawPanel(session)
    qtbot.addWidget(made)
    made.resize(900, 420)
    made.show()
    settle()
    return made


def draw(panel: DrawPanel) -> None:
    drawing = panel.session.drawing
    drawing.begin(0.5, 0.2, 0.1)
    drawing.move(0.5, 0.8)
    drawing.end()
    settle()


def test_nothing_is_watched_before_something_is_drawn(panel):
    assert panel.watches() == ()
    assert panel.page.best.text() == "Draw something"
    assert not panel.use.isEnabled()
    draw(panel)
    assert panel.watches() == (WATCH,)


def test_the_answer_is_in_words_and_in_bars(panel):
    draw(panel)
    feed(panel.session, 200)
    assert panel.page.best.text() == "3, with 91.0 %"
    assert panel.subtitle == "3, with 91.0 %"
    assert "after step 200" in panel.page.note.text()
    assert "3 91.0 %" in panel.page.bars.accessibleName()
    widths = [_filled(panel, number) for number in range(10)]
    assert widths.index(max(widths)) == 3
    assert max(widths) > 10 * sorted(widths)[-2]


def _filled(panel: DrawPanel, number: int) -> int:
    """Pixels of a line that are neither ground nor track nor text."""
    from playground.window.theme import theme

    picture, line = pixels(panel.page.bars), panel.page.bars.line_rect(number)
    row = picture[line.center().y(), :, :3].astype(int)
    colors = [theme().color(token).getRgb()[:3] for token in ("accent", "text_quiet")]
    reach = int(picture.shape[1] - 80)
    return sum(int((np.abs(row[20:reach] - color).sum(axis=1) == 0).sum()) for color in colors)


def test_what_the_network_gets_is_shown(panel):
    draw(panel)
    assert "32 × 32, as the samples of Digits are" in panel.page.given_words.text()
    picture, place = pixels(panel.page.given), panel.page.given.place()
    middle = picture[int(place.center().y()), int(place.center().x()), :3]
    corner = picture[int(place.top()) + 3, int(place.left()) + 3, :3]
    assert middle.astype(int).sum() > corner.astype(int).sum() + 300  # ink is light, as in all samples


def test_the_first_stroke_makes_the_drawing_the_sample_and_the_switch_leads_back(panel):
    document = panel.session.document
    document.set_sample(7)
    draw(panel)
    assert document.sample == DRAWING
    assert panel.use.isChecked()
    panel.use.click()
    assert document.sample == 7
    draw(panel)
    assert document.sample == 7  # it was said so
    panel.use.click()
    assert document.sample == DRAWING


def test_an_untrained_network_says_so(panel):
    draw(panel)
    assert "untrained" in panel.page.note.text()


def test_a_trained_network_is_not_called_untrained_before_the_first_stroke(panel):
    feed(panel.session, 200, state="finished")
    panel.request_refresh()
    settle()
    assert panel.session.drawing.is_empty
    assert panel.page.note.text() == "the network after step 200"


def test_samples_that_are_no_pictures_have_a_sentence_in_place_of_the_canvas(panel):
    panel.session.document.apply(SetData({"dataset": "iris", "preparation": ()}))
    settle()
    assert not panel.page.canvas.isVisible()
    assert "Iris" in panel.page.message.text()
    assert not panel.use.isEnabled()


def test_every_watch_of_a_drawing_says_so(panel):
    draw(panel)
    watched = panel.session.training._pictures.watches()
    assert Watch("prediction", {"sample": DRAWING}) in watched


def test_what_answers_the_hand_draws_no_other_panel_anew(panel, session, qtbot, monkeypatch):
    filters = FiltersPanel(session)
    qtbot.addWidget(filters)
    filters.show()
    draw(panel)
    feed(session, 10)
    drawn = []
    monkeypatch.setattr(FiltersPanel, "refresh", lambda _self: drawn.append("filters"))
    monkeypatch.setattr(DrawPanel, "refresh", lambda _self: drawn.append("draw"))
    for pictures in ((answer_of(WATCH, 11),), (answer_of(WATCH, 12), answer_of(filters.watches()[0], 12))):
        session.training._on_frame(Frame(state="running", step=pictures[0].step, facts=FACTS, pictures=pictures))
        settle()
    assert drawn == ["draw", "filters", "draw"] or drawn == ["draw", "draw", "filters"]
