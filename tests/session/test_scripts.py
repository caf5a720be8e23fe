"""The project as a script: asked for only while it is wanted, after the check, the newest project next."""

from collections.abc import Iterator

import msgspec
import pytest

from playground.core import messages as words
from playground.core.code import ANY, Numerics
from playground.core.edit import InsertLayers, RemoveLayers, SetArgument, SetRecipe
from playground.core.layer import Layer
from playground.core.messages import CodeWritten, Failed, RunFacts
from playground.core.report import Report, Row, RowError
from playground.session.scripts import STYLE, Scripts
from tests.session.desk import Desk
from tests.session.fake_engine import MISFIT, REFUSAL, script_of

CONV = InsertLayers((0,), (Layer("Conv2d"),))


@pytest.fixture
def desk(session) -> Desk:
    return Desk(session)


@pytest.fixture
def scripts(session, desk) -> Iterator[Scripts]:
    session.scripts.choose("sequential")
    yield session.scripts
    session.settings.set(STYLE, "")


def edit(session, rate: float = 0.5) -> None:
    session.document.apply(SetRecipe({"optimizer": {"SGD": {"lr": rate}}}))


def test_nothing_is_asked_while_nobody_looks(scripts, session, desk):
    edit(session)
    desk.check()
    assert desk.asked == []
    scripts.want("panel")
    assert [type(question) for question in desk.asked] == [words.WriteCode]
    desk.answer()
    assert scripts.script == script_of(session.document.project)
    scripts.unwant("panel")
    edit(session, 0.25)
    desk.check()
    assert len(desk.asked) == 1


def test_the_check_of_an_edit_goes_first(scripts, session, desk):
    scripts.want("panel")
    desk.answer()
    edit(session)
    assert len(desk.asked) == 1
    assert not scripts.is_current
    desk.check()
    desk.answer()
    assert scripts.is_current
    assert "learning_rate = 0.5" in scripts.script.text


def test_many_edits_are_one_question_at_a_time_and_the_newest_is_asked_next(scripts, session, desk):
    scripts.want("panel")
    news = []
    scripts.changed.connect(lambda: news.append(scripts.script.text))
    for rate in (0.1, 0.2, 0.3):
        edit(session, rate)
        desk.check()
    assert len(desk.asked) == 1
    desk.answer()  # of the project before all edits: nobody wants it now
    assert news == []
    assert len(desk.asked) == 2
    desk.answer()
    assert len(news) == 1
    assert "learning_rate = 0.3" in news[0]
    assert len(desk.asked) == 2


def test_what_is_known_is_not_asked_again(scripts, session, desk):
    scripts.want("panel")
    desk.answer()
    scripts.unwant("panel")
    scripts.want("panel")
    desk.check()
    assert len(desk.asked) == 1


def test_a_style_is_kept_for_the_next_start(scripts, session, desk):
    scripts.want("panel")
    desk.answer()
    scripts.choose("class")
    desk.answer()
    assert scripts.script.style == "class"
    again = Scripts(session.document, session.client, session.settings, session.background, session)
    assert again.style == "class"
    session.settings.set(STYLE, "nonsense")
    again = Scripts(session.document, session.client, session.settings, session.background, session)
    assert again.style == "sequential"


def test_a_style_that_cannot_be_gives_way_until_it_can(scripts, session, desk):
    scripts.choose("scratch")
    scripts.want("panel")
    desk.answer_all()
    assert scripts.shown_style == "scratch"
    session.document.apply(CONV)
    desk.check()
    desk.answer_all()
    assert desk.styles[1:] == ["scratch", "sequential"]
    assert (scripts.shown_style, scripts.style, scripts.refusal) == ("sequential", "scratch", REFUSAL)
    assert scripts.fault is None
    edit(session)
    desk.check()
    desk.answer_all()
    assert desk.styles[3:] == ["sequential"]  # the last script said that it cannot be
    session.document.apply(RemoveLayers(((0,),)))
    desk.check()
    desk.answer_all()
    assert desk.styles[4:] == ["sequential", "scratch"]
    assert (scripts.shown_style, scripts.refusal) == ("scratch", "")


def test_the_style_that_is_shown_instead_can_be_chosen(scripts, session, desk):
    session.document.apply(CONV)
    desk.check()
    scripts.choose("scratch")
    scripts.want("panel")
    desk.answer_all()
    scripts.choose("sequential")
    desk.answer_all()
    assert (scripts.shown_style, scripts.style, scripts.refusal) == ("sequential", "sequential", "")


def test_a_workbench_that_writes_another_style_by_itself_is_believed(scripts, session, desk):
    scripts.choose("scratch")
    scripts.want("panel")
    desk.answer(CodeWritten(1, script_of(session.document.project, "class", {"scratch": REFUSAL})))
    assert (scripts.shown_style, scripts.refusal) == ("class", REFUSAL)
    assert len(desk.asked) == 1


def test_what_does_not_fit_leaves_the_last_script_and_says_why(scripts, session, desk):
    scripts.want("panel")
    desk.answer()
    before = scripts.script
    session.document.apply(SetArgument((1,), "in_features", 1))
    desk.check()
    desk.answer_all()
    assert scripts.script is before
    assert scripts.fault == MISFIT
    session.document.undo_stack.undo()
    desk.check()
    desk.answer_all()
    assert scripts.fault is None


def test_a_network_that_is_known_not_to_fit_is_not_tried_in_every_style(scripts, session, desk):
    session.document.apply(SetArgument((1,), "in_features", 1))
    session.client.report = Report(
        input_shape=(1, 8, 8), rows=(Row(index=1, path=(0,), layer="Linear", error=RowError(sentence="No.")),)
    )
    desk.check()
    scripts.want("panel")
    desk.answer_all()
    assert desk.styles == ["sequential"]
    assert scripts.fault == MISFIT


def test_what_failed_is_asked_again_when_there_is_news(scripts, session, desk):
    scripts.want("panel")
    session.client.ready = False
    desk.answer(Failed(1, MISFIT))  # the workbench died
    assert scripts.fault == MISFIT
    assert len(desk.asked) == 1
    session.client.ready = True
    session.client.ready_changed.emit()
    desk.answer()
    assert scripts.fault is None
    assert scripts.is_current


def test_another_document_begins_without_a_script(scripts, session, desk):
    scripts.want("panel")
    desk.answer()
    session.document.new(session.document.project, "other")
    assert scripts.script is None


def test_who_wants_it_once_gets_the_newest_even_if_nobody_looks(scripts, session, desk):
    got, failed = [], []
    edit(session)
    scripts.get(got.append, failed.append)  # not checked yet
    edit(session, 0.75)
    desk.answer_all()
    assert [("0.75" in script.text) for script in got] == [True]
    scripts.get(got.append, failed.append)
    assert len(got) == 2
    assert len(desk.asked) == 2
    session.document.apply(SetArgument((1,), "in_features", 1))
    scripts.get(got.append, failed.append)
    desk.answer_all()
    assert failed == [MISFIT]
    assert len(got) == 2


def test_layers_that_moved_since_have_no_lines_until_they_are_written(scripts, session, desk):
    scripts.want("panel")
    desk.answer()
    assert [span.path for span in scripts.spans()] == [(0,), (1,)]
    session.document.apply(SetArgument((1,), "out_features", 3))
    assert [span.path for span in scripts.spans()] == [(0,), (1,)]
    session.document.apply(InsertLayers((1,), (Layer("ReLU"),)))
    assert [span.path for span in scripts.spans()] == [(0,)]


def test_a_script_is_written_to_a_file_or_not_at_all(scripts, session, desk, tmp_path, qtbot):
    scripts.want("panel")
    desk.answer()
    done, faults = [], []
    scripts.save(scripts.script, tmp_path / "net.py", done.append, faults.append)
    qtbot.waitUntil(lambda: done == [None])
    assert (tmp_path / "net.py").read_text(encoding="utf-8") == scripts.script.text
    scripts.save(scripts.script, tmp_path / "no" / "net.py", done.append, faults.append)
    qtbot.waitUntil(lambda: len(faults) == 1)
    assert "could not be saved" in str(faults[0])
    assert len(done) == 1


def test_a_real_pipe_carries_it(make_session, qtbot):
    session = make_session()
    with qtbot.waitSignal(session.scripts.changed, timeout=10_000):
        session.scripts.want("panel")
    assert session.scripts.script == script_of(session.document.project)


def test_a_workbench_that_dies_is_said_and_the_next_one_writes_it(make_session, qtbot):
    session = make_session("silence")
    qtbot.waitUntil(lambda: session.client.ready, timeout=10_000)
    faults = []
    session.scripts.get(lambda _script: None, faults.append)
    session.client._process.kill()
    qtbot.waitUntil(lambda: len(faults) == 1, timeout=10_000)


def test_a_script_carries_how_the_run_that_is_shown_computes(scripts, session, desk):
    training = session.training

    def be(state, facts):
        training.state, training.facts = state, facts
        training.state_changed.emit(state)

    scripts.want("panel")
    desk.answer()
    assert desk.asked[-1].numerics == ANY
    on_cpu = RunFacts("cpu", 2, "channels_last", 100, 20, 10, 3)
    be("running", on_cpu)
    assert desk.asked[-1].numerics == Numerics(2, "channels_last")
    assert not scripts.is_current
    desk.answer()
    assert scripts.is_current
    asked = len(desk.asked)
    be("paused", on_cpu)
    be("preparing", None)  # what the next run will choose is not known yet
    assert len(desk.asked) == asked
    be("running", msgspec.structs.replace(on_cpu, device="cuda:0"))
    assert desk.asked[-1].numerics == ANY
    desk.answer()
    be("idle", None)
    assert len(desk.asked) == asked + 1
