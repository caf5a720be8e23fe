import json
from dataclasses import replace

import pytest
import torch

from playground.core.layer import Layer
from playground.disk import folders
from playground.engine import tuning
from tests.engine.trainings import pictures, project

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "cache", lambda: tmp_path / "cache")
    monkeypatch.setattr(tuning, "available_cores", lambda: 4)


@pytest.fixture
def measured(monkeypatch):
    """A machine whose times are known; gives the list of what was measured."""
    asked = []

    def measure(_project, _data, wanted):
        asked.extend(wanted)
        return {tuning._row(*pair): TIMES[pair] for pair in wanted}

    monkeypatch.setattr(tuning, "_measure", measure)
    return asked


TIMES = {
    (1, "contiguous"): 1.0,
    (1, "channels_last"): 0.95,  # not worth another order of bits
    (2, "contiguous"): 0.7,
    (2, "channels_last"): 0.6,
    (3, "contiguous"): 0.65,
    (3, "channels_last"): 0.55,  # not worth another thread
    (4, "contiguous"): 0.3,
    (4, "channels_last"): 0.5,
}


def choice(**options):
    setup = tuning.choose(project(), pictures(), CPU, **options)
    return setup.threads, setup.layout


def test_fewer_threads_and_the_plain_layout_win_unless_more_gain_enough(measured):
    assert choice() == (4, "contiguous")


def test_beside_a_window_one_core_is_left(measured):
    assert choice(beside_window=True) == (2, "channels_last")
    assert all(threads <= 3 for threads, _layout in measured)


def test_a_second_run_chooses_from_the_table_without_measuring(measured):
    first, count = choice(), len(measured)
    assert choice() == first
    assert len(measured) == count


@pytest.mark.parametrize("beside_window", [True, False])
def test_the_reported_threads_bring_the_same_layout(measured, beside_window):
    threads, layout = choice(beside_window=beside_window)
    count = len(measured)
    assert choice(threads=threads) == (threads, layout)
    assert len(measured) == count


def test_what_is_given_is_taken_as_it_is(measured):
    assert choice(threads=3, layout="contiguous") == (3, "contiguous")
    assert not measured
    assert choice(layout="channels_last") == (2, "channels_last")


def test_layouts_are_tried_only_where_there_are_convolutions(measured):
    network = (Layer("Flatten"), Layer("Linear", {"out_features": 3}))
    tuning.choose(project(network=network), pictures(), CPU)
    assert {layout for _threads, layout in measured} == {"contiguous"}


def test_another_batch_is_another_measurement(measured):
    choice()
    count = len(measured)
    tuning.choose(project(batch_size=17), pictures(), CPU)
    assert len(measured) > count


def test_a_damaged_table_is_measured_again(measured):
    choice()
    (folders.cache() / "timings.json").write_text("{]")
    count = len(measured)
    assert choice() == (4, "contiguous")
    assert len(measured) > count
    assert len(json.loads((folders.cache() / "timings.json").read_bytes())) == 1


def test_a_real_measurement_touches_neither_data_nor_random_state_nor_threads(monkeypatch):
    monkeypatch.setattr(tuning, "_BUDGET_S", 0.01)
    monkeypatch.setattr(tuning, "available_cores", lambda: 2)
    data = pictures()
    kept = replace(data, train_inputs=data.train_inputs.clone())
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    setup = tuning.choose(project(), data, CPU)
    assert setup.threads in (1, 2)
    assert setup.layout in ("contiguous", "channels_last")
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    assert torch.equal(data.train_inputs, kept.train_inputs)
    table = next(iter(json.loads((folders.cache() / "timings.json").read_bytes()).values()))
    assert set(table) == {"1 contiguous", "1 channels_last", "2 contiguous", "2 channels_last"}
    assert all(seconds > 0 for seconds in table.values())
