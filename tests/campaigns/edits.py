"""Random sequences of edits: undoing all and redoing all gives the same files byte for byte, and the same selection.

uv run python -m tests.campaigns.edits [--count 10000] [--seed 0]
"""

import argparse
import os
import sys
import time
from typing import Any

from hypothesis import HealthCheck, given, seed, settings, strategies as st
from PySide6.QtCore import QCoreApplication

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


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=10_000)
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QCoreApplication([])
    began = time.monotonic()
    many = settings(max_examples=asked.count, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    seed(asked.seed)(many(given(data=st.data())(undone_and_redone)))()
    print(f"{asked.count} sequences well, {time.monotonic() - began:.0f} s")
    app.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main())
