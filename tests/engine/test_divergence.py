"""Every place of `tests.campaigns.nan`, and what is told where nothing can be named."""

import math

import pytest
import torch

from playground.core.problem import DIVERGED, Problem
from tests.campaigns import nan
from tests.engine.trainings import pictures, training

SEED = 1  # another one than the campaign's


def test_what_is_broken_is_named_at_its_step():
    outcomes = list(nan.run(len(nan.PLACES), SEED))
    assert len(outcomes) == 20
    assert not [f"{one.name}: {fault}" for one in outcomes for fault in one.faults]


def test_a_way_out_is_told_where_the_training_is_at_fault_and_not_the_data():
    data = pictures()
    data.train_inputs[:] = math.nan
    with pytest.raises(Problem) as told:
        training(data=data).advance()
    assert told.value.fault.kind == ""
    assert "rate" not in told.value.fault.fix
    one = training(network=nan.FLAT)
    one.model.get_parameter("1.weight").data.fill_(math.nan)
    with pytest.raises(Problem) as told:
        one.advance()
    assert told.value.fault.kind == DIVERGED
    assert "from 0.05 to 0.005" in told.value.fault.fix


def test_a_test_sample_that_is_no_number_does_not_end_a_training():
    data = pictures()
    data.test_inputs[3] = math.nan
    one = training(data=data, network=nan.DEEP, epochs=1)
    while not one.finished:
        one.advance()
    assert math.isnan(one.epochs[0].test_loss)
    assert all(torch.isfinite(value).all() for value in one.model.state_dict().values())


def test_looking_for_it_changes_nothing():
    one = training(network=nan.DEEP, epochs=1)
    one.advance()
    one.loss._module = nan._Broken(one.loss._module)
    before, state = {key: value.clone() for key, value in one.model.state_dict().items()}, torch.get_rng_state()
    with pytest.raises(Problem):
        one.advance()
    assert torch.equal(torch.get_rng_state(), state)
    # the pass of the step itself has moved the running figures once, looking for the fault not again
    moved = {key for key, value in one.model.state_dict().items() if not torch.equal(value, before[key])}
    assert moved == {"1.running_mean", "1.running_var", "1.num_batches_tracked"}
    assert one.model.state_dict()["1.num_batches_tracked"] == 2


def test_a_batch_whose_classes_weigh_nothing_is_told_and_no_lower_rate_is_advised():
    data = pictures()
    data.train_targets[:] = 1
    one = training(data=data, loss_options={"weight": [1, 0, 1]})
    with pytest.raises(Problem) as told:
        one.advance()
    assert "of a class that weighs nothing" in str(told.value)
    assert "more than 0" in told.value.fault.fix
    assert told.value.fault.kind == ""
