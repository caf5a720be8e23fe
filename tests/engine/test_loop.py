"""Against the same training written out with plain torch."""

import math
from dataclasses import replace

import msgspec
import pytest
import torch
from torch import nn

from playground.core.layer import Layer
from playground.core.messages import Watch
from playground.core.problem import Problem
from playground.engine import probes
from playground.engine.build import build_network
from playground.engine.loader import Prepared, order
from playground.engine.loop import Setup, Training
from playground.engine.randomness import derived_seed
from tests.engine.trainings import CPU, NETWORK, pictures, project, to_the_end, training

PLAIN = (Layer("Flatten"), Layer("Linear", {"out_features": 8}), Layer("Tanh"), Layer("Linear", {"out_features": 3}))


def plain_torch(network, epochs=3, lr=0.05, momentum=0.9, batch=16, seed=7):
    """Losses of all steps, test loss and accuracy of each epoch, and the model."""
    data = pictures()
    model = build_network(network, data.input_shape, seed=seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    torch.manual_seed(derived_seed(seed, "torch"))
    losses, tests = [], []
    for epoch in range(epochs):
        for chosen in order(len(data.train_inputs), seed, epoch).split(batch):
            loss = nn.functional.cross_entropy(model(data.train_inputs[chosen]), data.train_targets[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            outputs = model(data.test_inputs)
        tests.append(
            (
                nn.functional.cross_entropy(outputs, data.test_targets).item(),
                (outputs.argmax(1) == data.test_targets).double().mean().item(),
            )
        )
        model.train()
    return losses, tests, model


@pytest.mark.parametrize("network", [PLAIN, NETWORK], ids=["linear", "convolution, normalisation, dropout"])
def test_losses_figures_and_weights_are_those_of_plain_torch(network):
    losses, tests, model = plain_torch(network)
    ours = to_the_end(training(network=network))
    assert ours.losses.tolist() == pytest.approx(losses, rel=1e-5)
    assert [one.test_loss for one in ours.epochs] == pytest.approx([one for one, _ in tests], rel=1e-5)
    assert [one.test_accuracy for one in ours.epochs] == pytest.approx([one for _, one in tests])
    assert [one.step for one in ours.epochs] == [4, 8, 12]
    assert ours.epochs[1].train_loss == pytest.approx(sum(losses[4:8]) / 4, rel=1e-5)
    for name, value in model.state_dict().items():
        assert torch.allclose(ours.model.state_dict()[name], value, rtol=1e-5, atol=1e-6), name


def test_two_runs_give_the_same_bits():
    assert to_the_end(training()).losses.tobytes() == to_the_end(training()).losses.tobytes()


def test_another_seed_gives_other_losses():
    assert to_the_end(training()).losses != to_the_end(training(seed=8)).losses


def test_watching_everything_at_every_step_changes_no_bit():
    unwatched, watched = to_the_end(training()), training()
    options = {"layer": [0], "sample": 3, "after": "activation"}
    while not watched.finished:
        watched.advance(observe=True)
        context = watched.context()
        for name in probes.PROBES:
            fault = probes.read(Watch(name, options), context).fault
            silent = (name == "evaluation" and watched.epoch == 0) or (name == "one_step" and context.next_step is None)
            assert fault == "" or silent  # there is none yet, or none comes
    assert watched.losses.tobytes() == unwatched.losses.tobytes()
    for name, value in unwatched.model.state_dict().items():
        assert torch.equal(watched.model.state_dict()[name], value)
    assert msgspec.structs.replace(watched.epochs[-1], seconds=0) == msgspec.structs.replace(
        unwatched.epochs[-1], seconds=0
    )


def test_layouts_agree_up_to_rounding():
    other = to_the_end(training(setup=Setup(torch.device("cpu"), 1, "channels_last")))
    assert other.losses.tolist() == pytest.approx(to_the_end(training()).losses.tolist(), rel=1e-3)


def test_the_learning_rate_can_be_changed_during_a_run():
    one, other = training(network=PLAIN), training(network=PLAIN)
    one.advance(), other.advance()
    other.steer(lr=0.5)
    one.advance(), other.advance()
    assert one.losses[1] == other.losses[1]
    one.advance(), other.advance()
    assert one.losses[2] != other.losses[2]


def test_a_learning_rate_that_is_too_large_stops_before_the_update_and_names_step_layer_and_way_out():
    one = training(network=(*PLAIN[:2], Layer("ReLU"), PLAIN[3]), optimizer={"SGD": {"lr": 1e6}}, epochs=50)
    with pytest.raises(Problem) as caught:
        to_the_end(one)
    fault = caught.value.fault
    assert one.step == len(one.losses)
    assert all(map(math.isfinite, one.losses))
    assert f"step {one.step + 1}" in fault.what
    assert "Layer " in fault.where
    assert "Linear" in fault.where
    assert "100000" in fault.fix


@pytest.mark.parametrize(
    ("broken", "where", "tensor"),
    [("1.weight", "Layer 2, Linear", "parameter weight"), ("3.bias", "Layer 4, Linear", "parameter bias")],
)
def test_the_first_layer_that_is_not_finite_is_named(broken, where, tensor):
    one = training(network=PLAIN)
    one.advance()
    with torch.no_grad():
        one.model.get_parameter(broken).view(-1)[0] = math.nan
    with pytest.raises(Problem) as caught:
        one.advance()
    assert caught.value.fault.where == where
    assert tensor in caught.value.fault.what
    assert "step 2" in caught.value.fault.what


def test_losses_that_are_collected_later_are_the_same():
    one = training()
    one._at_once = False  # as on a GPU
    assert to_the_end(one).losses == to_the_end(training()).losses


def test_a_loss_that_is_collected_later_is_named_with_its_own_step():
    one = training(network=PLAIN, epochs=50)
    one._at_once = False
    for _ in range(5):
        one.advance()  # four steps, one evaluation
    with torch.no_grad():
        one.model.get_parameter("1.weight").fill_(math.nan)
    with pytest.raises(Problem, match="step 5"):
        to_the_end(one)
    assert len(one.losses) == 4


def test_a_network_without_weights_is_refused():
    with pytest.raises(Problem, match="nothing to learn"):
        training(network=(Layer("Flatten"),))


def test_numbers_can_be_learnt():
    inputs = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
    targets = inputs @ torch.tensor([1.0, -2.0, 0.5])
    data = Prepared(inputs[:30], targets[:30], inputs[30:], targets[30:], (3,), (), "regression")
    one = to_the_end(
        training(data=data, network=(Layer("Linear", {"out_features": 1}),), loss="MSE", epochs=60, batch_size=10)
    )
    assert one.epochs[-1].test_accuracy is None
    assert one.epochs[-1].test_loss < 1e-3


def held_back(data, count):
    """The last samples of the training part, to choose by."""
    return replace(
        data, train_inputs=data.train_inputs[:-count], train_targets=data.train_targets[:-count],
        validation_inputs=data.train_inputs[-count:], validation_targets=data.train_targets[-count:],
    )  # fmt: skip


def test_the_validation_part_is_measured_after_every_epoch_and_never_trained_on():
    data = held_back(pictures(), 12)
    one = to_the_end(training(data=data))
    only_trained = replace(
        data, validation_inputs=data.validation_inputs[:0], validation_targets=data.validation_targets[:0]
    )
    without = to_the_end(training(data=only_trained))
    assert one.losses.tobytes() == without.losses.tobytes()
    assert [(e.validation_loss, e.validation_accuracy) for e in without.epochs] == [(None, None)] * 3
    assert [e.test_loss for e in one.epochs] == [e.test_loss for e in without.epochs]
    one.model.eval()
    with torch.no_grad():
        outputs = one.model(data.validation_inputs)
    last = one.epochs[-1]
    assert last.validation_loss == pytest.approx(
        nn.functional.cross_entropy(outputs, data.validation_targets).item(), rel=1e-5
    )
    assert last.validation_accuracy == (outputs.argmax(1) == data.validation_targets).double().mean().item()
    assert one.facts().validation_samples == 12


def test_numbers_to_predict_have_a_validation_loss_and_no_accuracy():
    inputs = torch.randn(40, 3, generator=torch.Generator().manual_seed(0))
    data = held_back(Prepared(inputs[:30], inputs[:30, 0], inputs[30:], inputs[30:, 0], (3,), (), "regression"), 10)
    network = (Layer("Linear", {"out_features": 1}),)
    one = to_the_end(training(data=data, network=network, loss="MSE", batch_size=10))
    assert one.epochs[-1].validation_accuracy is None
    with torch.no_grad():
        expected = nn.functional.mse_loss(one.model(data.validation_inputs)[:, 0], data.validation_targets).item()
    assert one.epochs[-1].validation_loss == pytest.approx(expected, rel=1e-5)


def test_all_rows_in_one_batch_is_gradient_descent_and_unshuffled_batches_come_as_they_lie():
    data, asked = pictures(), project(network=PLAIN, batch_size="all")
    whole = to_the_end(Training(asked, data, CPU))
    assert (whole.step, whole.steps_per_epoch, whole.batch_size) == (3, 1, 50)
    as_it_lies = msgspec.structs.replace(asked.data, batch_size=20, shuffle=False)
    one = Training(msgspec.structs.replace(asked, data=as_it_lies), data, CPU)
    for epoch in range(2):
        for first in (0, 20, 40):
            one.advance(observe=True)
            assert torch.equal(one.observed.batch[0], data.train_inputs[first : first + 20])
        assert one.evaluating
        while one.evaluating:
            one.advance()
        assert one.epoch == epoch + 1


def test_facts_say_what_was_chosen():
    facts = training().facts()
    assert (facts.device, facts.threads, facts.layout) == ("cpu", 1, "contiguous")
    assert (facts.train_samples, facts.test_samples, facts.steps_per_epoch, facts.epochs) == (50, 20, 4, 3)
    assert project().recipe.epochs == 3
    assert CPU.threads == 1
