"""The next step, before it is taken: against plain torch written out, and against the step that the training then takes."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.messages import Frame, Watch, decode_frame, encode
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.engine import loader, probes
from playground.engine.loop import Training
from playground.engine.penalties import Penalties
from tests.engine import idx_files
from tests.engine.trainings import CPU, pictures, to_the_end, training

PLAIN = (Layer("Flatten"), Layer("Linear", {"out_features": 8}), Layer("Tanh"), Layer("Linear", {"out_features": 3}))
RECIPES = {
    "SGD": {},
    "by hand": {"optimizer": {"GradientDescent": {"lr": 0.1}}},
    "penalties": {"l1": 0.01, "clip_norm": 0.5},
    "Adam": {"optimizer": {"Adam": {"weight_decay": 0.1}}},
    "schedule": {"schedule": {"Cosine": {}}},
    "bfloat16": {"precision": "bfloat16"},
    "float16": {"precision": "float16", "clip_norm": 0.5},
}


def look(one, **options):
    picture = probes.read(Watch("one_step", options), one.context())
    assert not picture.fault
    return picture


def array(picture, name):
    found = picture.arrays[name]
    return np.frombuffer(found.data, found.dtype).reshape(found.shape)


def steps(one, count, observe=True):
    for _step in range(count):
        one.advance(observe)
    return one


def value_at(tensor, weight):
    return float(tensor[tuple(weight["index"])])


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_it_is_to_the_bit_the_step_that_the_training_takes_next(recipe):
    one = steps(training(**recipe), 2)
    seen = look(one, weight={"name": "6.weight", "index": [1, 3]})
    before = one.model.get_parameter("6.weight").detach().clone()
    one.advance(observe=True)
    weight, done = seen.facts["weight"], one.observed
    assert seen.facts["step"] == 3
    assert seen.facts["loss"]["value"] == one.losses[2]
    assert weight["before"] == value_at(before, weight)
    assert weight["gradient"] == weight["accumulated"] == value_at(done.gradients["6.weight"], weight)
    assert np.array_equal(array(seen, "gradient"), done.gradients["6.weight"].reshape(-1).numpy())
    assert np.array_equal(array(seen, "after"), one.model.get_parameter("6.weight").detach().reshape(-1).numpy())
    assert weight["lr"] == one.lr
    for told in seen.facts["parameters"]:
        assert told["norm"] == float(done.gradients[told["name"]].norm())
        after = one.model.get_parameter(told["name"]).detach()
        moved = float((after - done.weights_before[told["name"]]).norm())
        assert told["ratio"] == moved / float(done.weights_before[told["name"]].norm())


@pytest.mark.parametrize("options", [{}, {"zero_grad": False, "steps": 30, "test": True}, {"mode": "eval", "steps": 3}])
def test_a_run_that_is_walked_through_gives_the_same_losses_bit_for_bit(options):
    alone, seen = to_the_end(training()), training()
    while not seen.finished:
        probes.read(Watch("one_step", options), seen.context())
        seen.advance(observe=True)
    assert seen.losses.tobytes() == alone.losses.tobytes()
    assert all(torch.equal(one, alone.model.state_dict()[name]) for name, one in seen.model.state_dict().items())


def test_batches_that_are_augmented_when_they_are_due_are_those_of_the_run(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)
    monkeypatch.setattr("playground.engine.batches._BATCHES", 2)  # what is looked at lies in other groups, too
    steps_of_data = ({"normalize": "0..1"}, {"flip": 0.5}, {"noise": 0.1})
    asked = Project(
        Data("digits", preparation=steps_of_data, batch_size=64, subset=300),
        (Layer("Flatten"), Layer("Linear", {"out_features": 10})),
        Recipe(epochs=1),
    )
    prepared = loader.prepare(asked.data, asked.recipe.seed)
    alone, seen = to_the_end(Training(asked, prepared, CPU)), Training(asked, prepared, CPU)
    expected = []
    while not seen.finished:
        if not seen.evaluating:
            picture = look(seen, zero_grad=False, steps=4)
            expected.append(picture.facts["loss"]["value"])
            assert picture.facts["stages"][0]["code"][1:3] == [
                'draws = draws_for("augment", epoch, first)', "x = changed(x, draws)",
            ]  # fmt: skip
            assert array(picture, "right")[0] == np.float32(expected[-1])
        seen.advance()
    assert expected == list(seen.losses) == list(alone.losses)
    alone.close()
    seen.close()


def plain_step(one, switches, kept=None, mode=True):
    """A step on a copy of the network with torch.optim and autograd. kept: what stands in param.grad before it"""
    data, seed = pictures(), 7
    model = copy.deepcopy(one.model).train(mode)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, maximize=switches.get("sign") == "add")
    chosen = loader.order(len(data.train_inputs), seed, 0)[16 * one.step :][:16]
    for parameter, gradient in zip(model.parameters(), kept or [], strict=False):
        parameter.grad = gradient.clone()
    outputs = model(data.train_inputs[chosen])
    loss = nn.functional.cross_entropy(outputs, data.train_targets[chosen])
    if switches.get("zero_grad", True):
        optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return outputs.detach(), loss.item(), model


@pytest.mark.parametrize("switches", [{}, {"zero_grad": False}, {"sign": "add"}, {"zero_grad": False, "sign": "add"}])
def test_the_switches_do_what_torch_does_with_them(switches):
    one = steps(training(network=PLAIN, optimizer={"SGD": {"lr": 0.05}}), 2)
    kept = list(one.observed.gradients.values())
    seen = look(one, **switches, weight={"name": "3.weight", "index": [2, 5]})
    _outputs, loss, model = plain_step(one, switches, kept)
    weight, expected = seen.facts["weight"], model.get_parameter("3.weight")
    assert seen.facts["loss"]["value"] == loss
    assert weight["accumulated"] == value_at(expected.grad, weight)
    assert weight["after"] == value_at(expected.detach(), weight)
    assert np.array_equal(array(seen, "after"), expected.detach().reshape(-1).numpy())
    sign = 1 if switches.get("sign") == "add" else -1
    assert weight["after"] == pytest.approx(weight["before"] + sign * weight["lr"] * weight["used"], rel=1e-5)
    assert weight["kept"] == value_at(kept[2], weight)
    changed = "" if switches.get("zero_grad", True) else "# "
    assert seen.facts["stages"][3] == {"name": "zero_grad", "code": [f"{changed}optimizer.zero_grad()"]}


def test_what_follows_is_what_the_training_does_next_and_what_torch_does_with_the_switches():
    one = steps(training(network=PLAIN, optimizer={"SGD": {"lr": 0.3}}, batch_size=5), 2)
    seen = look(one, zero_grad=False, steps=4)
    data, model = pictures(), copy.deepcopy(one.model)
    optimizer, changed = torch.optim.SGD(model.parameters(), lr=0.3), []
    for parameter, gradient in zip(model.parameters(), one.observed.gradients.values(), strict=True):
        parameter.grad = gradient.clone()
    for chosen in loader.order(50, 7, 0).split(5)[2:6]:
        loss = nn.functional.cross_entropy(model(data.train_inputs[chosen]), data.train_targets[chosen])
        loss.backward()
        optimizer.step()
        changed.append(loss.item())
    steps(one, 4)
    assert array(seen, "right").tolist() == list(one.losses)[2:]
    assert array(seen, "changed").tolist() == changed
    assert seen.facts["more"] == 4


def test_slow_steps_are_fewer(monkeypatch):
    monkeypatch.setattr("playground.engine.probes.one_step.MOST_SECONDS", 0.0)
    seen = look(training(), sign="add", steps=30)
    assert seen.facts["more"] == len(array(seen, "changed")) == 1


def test_a_step_in_evaluation_mode_drops_nothing_and_leaves_the_running_figures():
    one = steps(training(), 1)
    seen = look(one, mode="eval")
    _outputs, loss, _model = plain_step(one, {}, mode=False)
    assert seen.facts["loss"]["value"] == loss
    assert [told["mode"] for told in seen.facts["layers"]] == ["", "eval", "", "", "", "eval", ""]
    assert [told["mode"] for told in look(one).facts["layers"]] == ["", "train", "", "", "", "train", ""]


def test_stages_tell_what_plain_torch_tells():
    one = steps(training(network=PLAIN), 1)
    seen = look(one, layer=[1])
    data = pictures()
    outputs, _loss, model = plain_step(one, {})
    chosen = loader.order(50, 7, 0)[16:32]
    inputs, labels = data.train_inputs[chosen], data.train_targets[chosen]
    assert np.array_equal(array(seen, "inputs"), inputs.numpy())
    assert array(seen, "targets").tolist() == labels.tolist()
    assert array(seen, "predictions").tolist() == outputs.argmax(1).tolist()
    each = nn.functional.cross_entropy(outputs, labels, reduction="none")
    assert np.array_equal(array(seen, "losses"), each.numpy())
    assert seen.facts["inputs"] == {
        "shape": [16, 2, 8, 8], "dtype": "float32", "min": float(inputs.min()), "mean": pytest.approx(float(inputs.mean())),
        "max": float(inputs.max()), "std": pytest.approx(float(inputs.std(correction=0))),
    }  # fmt: skip
    hidden = one.model[:2](inputs).detach()
    told = seen.facts["layers"][1]
    assert (told["index"], told["name"], told["shape"]) == (2, "Linear", [16, 8])
    assert told["mean"] == pytest.approx(float(hidden.mean()))
    assert sum(told["counts"]) == hidden.numel()
    assert np.array_equal(array(seen, "output"), hidden[0].numpy())
    assert seen.facts["layer"] == {"path": [1], "index": 2, "name": "Linear", "total": 8}
    assert [told["name"] for told in seen.facts["parameters"]] == [name for name, _one in model.named_parameters()]
    assert seen.facts["parameters"][0]["norm"] == pytest.approx(float(model[1].weight.grad.norm()))


def test_penalties_are_told_as_terms_of_their_own():
    one = steps(training(network=PLAIN, l1=0.01, clip_norm=0.1), 1)
    weight = look(one).facts["weight"]
    assert weight["l1"] == pytest.approx(0.01 if weight["before"] > 0 else -0.01)
    assert 0 < weight["clip"] < 1
    assert weight["used"] == pytest.approx(weight["clip"] * (weight["accumulated"] + weight["l1"]), rel=1e-4)


def test_settings_that_were_changed_meanwhile_are_those_of_the_step():
    one = steps(training(network=PLAIN, optimizer={"SGD": {"lr": 0.05, "weight_decay": 0.1}}), 1)
    one.steer(lr=0.2, weight_decay=0.5)
    seen = look(one)
    weight = seen.facts["weight"]
    assert (weight["lr"], weight["arguments"]["weight_decay"]) == (0.2, 0.5)
    one.advance()
    assert np.array_equal(array(seen, "after"), one.model.get_parameter("1.weight").detach().reshape(-1).numpy())


def test_gradients_that_are_kept_are_those_after_the_penalties():
    one = steps(training(network=PLAIN, l1=0.01, clip_norm=0.1), 1)
    handed = Penalties(one.project.recipe, list(one.observed.weights_before.values()))(
        list(one.observed.gradients.values())
    )
    weight = look(one, zero_grad=False).facts["weight"]
    assert weight["kept"] == value_at(handed[0], weight)


def test_without_a_choice_it_is_the_weight_with_the_largest_gradient():
    one = steps(training(), 1)
    weight = look(one).facts["weight"]
    one.advance(observe=True)
    gradient = one.observed.gradients["0.weight"]
    assert weight["name"] == "0.weight"
    assert abs(value_at(gradient, weight)) == float(gradient.abs().max())


@pytest.mark.parametrize("index", [[0], [99, 0], [-1, 0], ["a", 0], None, [True, 0]])
def test_an_index_that_is_not_there_chooses_nothing(index):
    weight = look(training(), weight={"name": "6.weight", "index": index}).facts["weight"]
    assert weight["name"] == "6.weight"
    assert len(weight["index"]) == 2


def test_adam_tells_what_it_keeps_of_the_weight():
    one = steps(training(optimizer={"Adam": {"lr": 0.01}}), 2)
    weight = look(one).facts["weight"]
    old, new = weight["state"]["mean"]
    assert new == pytest.approx(0.9 * old + 0.1 * weight["used"], rel=1e-4)
    assert weight["steps"] == 3
    first = new / (1 - 0.9**3)
    below = (weight["state"]["square"][1] / (1 - 0.999**3)) ** 0.5 + 1e-8
    assert weight["after"] == pytest.approx(weight["before"] - 0.01 * first / below, rel=1e-5)


def test_forgetting_eval_is_tried_on_one_test_batch():
    one = steps(training(), 3)
    random = torch.get_rng_state()
    seen = look(one, test=True)
    tested, data = seen.facts["tested"], pictures()
    model = copy.deepcopy(one.model)
    torch.set_rng_state(random)
    with torch.no_grad():
        well = nn.functional.cross_entropy(model.eval()(data.test_inputs), data.test_targets).item()
        model.train()
        badly = [nn.functional.cross_entropy(model(data.test_inputs), data.test_targets).item() for _time in range(10)]
        after = nn.functional.cross_entropy(model.eval()(data.test_inputs), data.test_targets).item()
    assert tested["modes"] == [2, 6]
    assert tested["samples"] == 20
    assert (tested["eval"]["loss"], tested["train"]["loss"], tested["after"]["loss"]) == (well, badly[0], after)
    assert after != well  # the running figures have taken in the test samples
    assert array(seen, "tested_train").tolist() == badly
    assert array(seen, "tested_eval").tolist() == [well] * 10


def test_a_network_without_two_modes_gives_the_same_in_both():
    tested = look(training(network=PLAIN), test=True).facts["tested"]
    assert tested["modes"] == []
    assert tested["eval"] == tested["train"] == tested["after"]


def test_lines_of_code_are_those_of_the_script():
    by_hand = look(training(optimizer={"GradientDescent": {"lr": 0.1}}), sign="add", mode="eval")
    code = {stage["name"]: stage["code"] for stage in by_hand.facts["stages"]}
    assert code == {
        "batch": ["x, y = train_inputs[chosen], train_targets[chosen]", "x, y = x.to(DEVICE), y.to(DEVICE)"],
        "forward": ["model.eval()", "loss = loss_function(model(x), y)"],
        "loss": ["model.eval()", "loss = loss_function(model(x), y)"],
        "zero_grad": ["model.zero_grad()"],
        "backward": ["loss.backward()"],
        "step": [
            "with torch.no_grad():", "    for parameter in model.parameters():",
            "        parameter += 0.1 * parameter.grad",
        ],
    }  # fmt: skip


def test_it_crosses_the_pipe_whole():
    one = steps(training(optimizer={"Adam": {}}), 2)
    picture = look(one, zero_grad=False, steps=3, test=True)
    (crossed,) = decode_frame(encode(Frame(state="paused", pictures=(picture,)))).pictures
    assert crossed.facts == picture.facts
    assert crossed.arrays == picture.arrays


def test_where_no_step_comes_next_it_says_so():
    one = steps(training(epochs=1), 4)
    assert one.evaluating
    assert "no step comes next" in probes.read(Watch("one_step"), one.context()).fault
    to_the_end(one)
    assert "no step comes next" in probes.read(Watch("one_step"), one.context()).fault
    testing = training()
    testing.test()
    assert not probes.read(Watch("one_step"), testing.context()).fault


def test_the_first_step_of_the_next_epoch_is_seen_when_an_epoch_has_ended():
    one = training()
    while not one.at_epoch_end:
        one.advance()
    seen = look(one)
    one.advance()
    assert (seen.facts["epoch"], seen.facts["position"], seen.facts["steps_per_epoch"]) == (1, 0, 4)
    assert seen.facts["loss"]["value"] == one.losses[-1]


@pytest.mark.parametrize(
    ("layer", "shape", "index", "part"),
    [
        (Layer("Linear", {"out_features": 100}), (100, 128), [99, 3], (64, 64)),
        (Layer("Linear", {"out_features": 40}), (40, 128), [20, 127], (40, 102)),
        (Layer("Conv2d", {"out_channels": 400}), (400, 2, 3, 3), [399, 1, 2, 2], (455, 3, 3)),
    ],
)
def test_of_a_large_tensor_the_values_around_the_chosen_one_are_sent(layer, shape, index, part):
    flat = () if layer.layer == "Conv2d" else (Layer("Flatten"),)
    rest = () if flat else (Layer("Flatten"),)
    one = training(network=(*flat, layer, *rest, Layer("Linear", {"out_features": 3})))
    name = f"{len(flat)}.weight"
    seen = look(one, weight={"name": name, "index": index})
    weights = one.model.get_parameter(name).detach()
    assert tuple(weights.shape) == shape
    assert tuple(seen.facts["part"]) == part
    places = array(seen, "places")
    assert len(places) == len(set(places.tolist())) == np.prod(part)
    assert np.array_equal(array(seen, "before"), weights.reshape(-1).numpy()[places])
    assert int(np.ravel_multi_index(index, shape)) in places
    if len(shape) == 2:
        rows, columns = np.unravel_index(places, shape)
        assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == part  # a stretch without gaps
