"""Sessions with an engine that trains nothing, so that what is tested is the session."""

from pathlib import Path

import pytest

from playground.core.layer import Layer
from playground.core.project import Project
from playground.session.session import Session

FAKE = str(Path(__file__).parent / "fake_engine.py")
SMALL = Project(network=(Layer("Flatten"), Layer("Linear", {"out_features": 10})))


@pytest.fixture
def make_session(qapp):
    """make_session("crash") makes a session with a fake engine of this fault; it is closed after the test."""
    made = []

    def make(*faults: str, start: bool = True, engine: tuple[str, ...] | None = None) -> Session:
        session = Session(SMALL, "small", engine=engine or (FAKE, *faults))
        made.append(session)
        if start:
            session.start()
        return session

    yield make
    for session in made:
        session.close()
        session.deleteLater()


@pytest.fixture
def session(make_session) -> Session:
    """One with a fake engine that works, not started."""
    return make_session(start=False)
