"""A sample of `tests.campaigns.memory`, with the real runner: a batch that fits is found, and where none does."""

import random
import sys

import pytest

from playground.session.session import Session
from tests.campaigns import memory
from tests.campaigns.start_stop import wait_until

SEED = 1  # another one than the campaign's


@pytest.mark.skipif(sys.platform != "linux", reason="no other system lets one process limit another's memory")
def test_what_is_advised_fits_and_the_next_run_works(qapp):
    session, deaths = Session(), []
    session.training.frame_received.connect(session.training.acknowledge)
    session.training.engine_died.connect(deaths.append)
    session.start()
    try:
        wait_until(lambda: session.training.ready)
        memory.trained(session, memory.FIRST)
        numbers = [memory.MAKERS.index(one) for one in (memory.pools, memory.weights)]
        outcomes = [memory.attempt(session, number, random.Random(SEED)) for number in numbers]
    finally:
        session.close()
        session.deleteLater()
    assert not [f"{one.name}: {fault}" for one in outcomes for fault in one.faults]
    assert outcomes[0].advised in (16, 32, 64)
    assert outcomes[1].advised == 0
    assert deaths == []
