"""Whether a run can go on with the network as it was edited. The engine trains nothing here; its layers have weights."""

from dataclasses import astuple

import pytest

from playground.core.edit import InsertLayers, RemoveLayers, RenameLayer, SetArgument, SetRecipe
from playground.core.layer import Layer
from playground.core.messages import Start, decode_command, encode
from playground.disk import runs
from playground.session import training_thread
from tests.session.test_training import drawn, ended

WIDE = Layer("Linear", {"out_features": 10})


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.fixture
def begun(make_session, qtbot):
    """A run that is paused after its first step."""
    session = drawn(make_session())
    session.training.step()
    qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    qtbot.waitUntil(lambda: session.client.checked is session.document.project, timeout=20_000)
    return session


def offered(session):
    return lambda: session.carrying.offer is not None


def started(session, monkeypatch) -> list[Start]:
    """What the runner is told to begin, from now on."""
    sent, outgoing = [], training_thread.TrainingThread.outgoing

    def note(self, order):
        out = outgoing(self, order)
        sent.extend(one for one in out if isinstance(one, Start))
        return out

    monkeypatch.setattr(training_thread.TrainingThread, "outgoing", note)
    return sent


def test_an_edit_of_the_network_is_offered_to_the_run(begun, qtbot):
    assert begun.carrying.offer is None
    begun.document.apply(InsertLayers((1,), (Layer("Linear", {"out_features": 7}, name="bend"), Layer("ReLU"))))
    qtbot.waitUntil(offered(begun), timeout=20_000)
    assert astuple(begun.carrying.offer) == (1, 2, ("bend",), 0)
    begun.document.undo_stack.undo()
    assert begun.carrying.offer is None
    begun.document.undo_stack.redo()
    qtbot.waitUntil(offered(begun), timeout=20_000)


@pytest.mark.parametrize(
    "edit", [RenameLayer((1,), "bend"), SetRecipe({"epochs": 20}), SetArgument((1,), "out_features", 11)], ids=str
)
def test_what_takes_over_no_weights_is_not_offered(begun, qtbot, edit):
    begun.document.apply(edit)
    qtbot.waitUntil(lambda: begun.client.checked is begun.document.project, timeout=20_000)
    assert begun.carrying.offer is None


def test_without_a_run_that_has_taken_a_step_there_is_nothing_to_go_on_from(make_session, qtbot):
    session = drawn(make_session())
    session.training.start_paused()
    qtbot.waitUntil(ended(session, "paused"), timeout=20_000)
    session.document.apply(InsertLayers((1,), (WIDE,)))
    qtbot.waitUntil(lambda: session.client.checked is session.document.project, timeout=20_000)
    assert session.carrying.offer is None


def test_the_run_ends_and_a_fork_of_it_goes_on_with_the_changed_network(begun, qtbot, monkeypatch):
    before, sent = begun.training.folder, started(begun, monkeypatch)
    begun.document.apply(InsertLayers((1,), (WIDE,)))
    qtbot.waitUntil(offered(begun), timeout=20_000)
    followed = []
    begun.carrying.begun.connect(followed.append)
    begun.carrying.go_on()
    assert begun.training.state == "stopping"
    qtbot.waitUntil(lambda: len(sent) == 1, timeout=20_000)
    start = sent[0]
    assert decode_command(encode(start)) == start
    assert (start.fork_of, start.fork_step, start.carry, start.resume) == (before, None, True, False)
    assert (start.threads, start.layout) == (1, "contiguous")
    assert followed == [before]
    qtbot.waitUntil(ended(begun), timeout=20_000)
    assert begun.training.folder not in ("", before)
    assert runs.read_project(runs.Path(begun.training.folder)) == begun.document.project
    assert begun.training.is_current
    assert begun.carrying.offer is None


def test_a_finished_run_goes_on_for_as_many_epochs_as_the_recipe_has(make_session, qtbot, monkeypatch):
    session = drawn(make_session())
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    session.training._checkpoint = 40  # the fake runner keeps none
    sent = started(session, monkeypatch)
    epochs = session.document.project.recipe.epochs
    monkeypatch.setattr(session.training.history, "epochs", [None] * epochs)
    session.document.apply(InsertLayers((1,), (WIDE,)))
    qtbot.waitUntil(offered(session), timeout=20_000)
    assert session.carrying.offer.epochs == epochs
    session.carrying.go_on()
    assert session.document.project.recipe.epochs == 2 * epochs
    assert session.document.undo_stack.undoText() == f"Ask for {epochs} more epochs"
    qtbot.waitUntil(lambda: len(sent) == 1, timeout=20_000)
    assert f'"epochs":{2 * epochs}' in sent[0].project.replace(" ", "")


def test_a_finished_run_without_a_checkpoint_cannot_go_on(make_session, qtbot):
    session = drawn(make_session())
    session.training.start()
    qtbot.waitUntil(ended(session), timeout=20_000)
    session.document.apply(InsertLayers((1,), (WIDE,)))
    qtbot.waitUntil(lambda: session.client.checked is session.document.project, timeout=20_000)
    assert session.carrying.offer is None


def test_a_network_that_was_edited_before_its_run_was_checked_is_asked_about(begun, qtbot):
    """As after a run of another session was taken up: nobody has seen what the check says of it."""
    begun.carrying._run = None
    begun.document.apply(InsertLayers((1,), (WIDE,)))
    qtbot.waitUntil(offered(begun), timeout=20_000)
    assert (begun.carrying.offer.kept, begun.carrying.offer.of) == (1, 2)


def test_nothing_is_done_where_nothing_is_offered(begun):
    begun.carrying.go_on()
    assert begun.training.state == "paused"


def test_a_window_that_closes_begins_no_other_run(begun, qtbot, monkeypatch):
    sent = started(begun, monkeypatch)
    begun.document.apply(InsertLayers((1,), (WIDE,)))
    qtbot.waitUntil(offered(begun), timeout=20_000)
    begun.carrying.go_on()
    begun.close()
    assert sent == []


def test_a_kept_run_with_other_layers_is_forked_with_what_is_unchanged(begun, qtbot, monkeypatch):
    folder = runs.Path(begun.training.folder)
    begun.training.stop()
    qtbot.waitUntil(ended(begun, "idle"), timeout=20_000)
    begun.run_list.refresh()
    qtbot.waitUntil(lambda: begun.run_list.of(folder) is not None, timeout=20_000)
    sent, run = started(begun, monkeypatch), begun.run_list.of(folder)
    begun.training.fork(run, 1)
    begun.training.stop()
    qtbot.waitUntil(ended(begun, "idle"), timeout=20_000)
    begun.document.apply(RemoveLayers(((0,),)))
    begun.training.fork(run, 1)
    qtbot.waitUntil(lambda: len(sent) == 2, timeout=20_000)
    assert [one.carry for one in sent] == [False, True]
