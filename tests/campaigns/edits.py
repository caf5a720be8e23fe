"""Random sequences of edits: undoing all and redoing all gives the same files byte for byte, and the same selection.

uv run python -m tests.campaigns.edits [--count 10000] [--window 500] [--seed 0]

Some of the sequences are also seen in a layer list of three rows' height: after each edit, undo and redo its rows,
texts and selection are those of the document, what was edited is in sight, and an edit of something else moves nothing.
"""

import argparse
import os
import sys
import tempfile
import time
from typing import Any

from hypothesis import HealthCheck, given, seed, settings, strategies as st
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from playground.core.network import walk
from playground.core.project import write_project
from playground.session.background import Background
from playground.session.document import Document
from tests.core import strategies

LONGEST = 12  # edits in a sequence


def undone_and_redone(data: Any) -> None:
    """One sequence, back and forth. data: of hypothesis"""
    document = Document(data.draw(strategies.projects), "example", Background())
    states = [(write_project(document.project), document.selection)]
    for _step in range(data.draw(st.integers(1, LONGEST))):
        document.apply(data.draw(strategies.edits(document.project)))
        after = write_project(document.project), document.selection
        if document.undo_stack.count() == len(states):
            states.append(after)
        else:  # it changed nothing, or was one turn more of the same spin box
            states[document.undo_stack.count() :] = [after]
    for state in reversed(states[:-1]):
        document.undo_stack.undo()
        assert write_project(document.project) == state[0]
    assert not document.undo_stack.canUndo()
    assert not document.is_modified
    assert document.selection == states[0][1]
    for state in states[1:]:
        document.undo_stack.redo()
        assert (write_project(document.project), document.selection) == state


class SeenList:
    """A layer list, low enough that most rows are out of sight, on a session without an engine."""

    def __init__(self) -> None:
        from playground.session.session import Session
        from playground.window.layer_list.panel import LayerListPanel

        self.session = Session()
        self.panel = LayerListPanel(self.session)
        self.panel.resize(380, 190)
        self.panel.show()
        self.view = self.panel.view

    def follows(self, data: Any) -> None:
        """One sequence, back and forth. data: of hypothesis"""
        document, stack = self.session.document, self.session.document.undo_stack
        document.new(data.draw(strategies.projects), "example")
        self._settle()
        for _step in range(data.draw(st.integers(1, LONGEST))):
            self._see(lambda: document.apply(data.draw(strategies.edits(document.project))))
        places = data.draw(st.lists(st.floats(0, 1), min_size=2 * stack.count(), max_size=2 * stack.count()))
        for place, step in zip(places, [stack.undo] * stack.count() + [stack.redo] * stack.count(), strict=True):
            bar = self.view.verticalScrollBar()
            bar.setValue(round(place * bar.maximum()))
            self._see(step)

    def _see(self, step: Any) -> None:
        document, bar = self.session.document, self.view.verticalScrollBar()
        network, before = document.project.network, bar.value()
        step()
        self._settle()
        model, now = self.view.layers, document.project.network
        assert model.paths == [path for path, _layer in walk(now)]
        assert self.view.selected_paths() == tuple(sorted(document.selection))
        if now is network:
            assert bar.value() == before
        elif now != network and document.selection:
            assert any(self._in_sight(path) for path in document.selection)

    def _in_sight(self, path: Any) -> bool:
        rect = self.view.visualRect(self.view.layers.index_of(path))
        height = self.view.viewport().height()
        return rect.top() >= 0 and rect.bottom() < height and rect.height() > 0

    def _settle(self) -> None:
        QCoreApplication.processEvents()
        self.view.executeDelayedItemsLayout()

    def close(self) -> None:
        self.panel.close()
        self.session.close()


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=10_000)
    ask.add_argument("--window", type=int, default=500, help="how many sequences are also seen in a layer list")
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = home
        app = QApplication([])
        began = time.monotonic()
        _run(undone_and_redone, asked.count, asked.seed)
        print(f"{asked.count} sequences well, {time.monotonic() - began:.0f} s", flush=True)
        seen, began = SeenList(), time.monotonic()
        _run(seen.follows, asked.window, asked.seed)
        seen.close()
        print(f"{asked.window} sequences well in a layer list, {time.monotonic() - began:.0f} s")
        app.processEvents()
    return 0


def _run(rule: Any, count: int, number: int) -> None:
    many = settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    seed(number)(many(given(data=st.data())(lambda data: rule(data))))()


if __name__ == "__main__":
    sys.exit(main())
