"""The graph of a network's loss, folded by layer, against plain PyTorch written out."""

import msgspec
import numpy as np
import pytest
import torch

from playground.core import messages as words
from playground.core.lab.messages import ShowNetwork
from playground.core.lab.topics import Autograd
from playground.core.layer import Layer
from playground.core.problem import Problem
from playground.core.project import Project, read_project, write_project
from playground.disk import projects
from playground.engine import losses
from playground.engine.build import build_network
from playground.engine.check import check
from playground.engine.lab.answering import answer
from playground.engine.lab.network_graphs import few_samples, network_graph
from playground.engine.loader import prepare
from playground.engine.workbench import Workbench
from playground.session.history import numbers

PAGE = Autograd(source="network")
RESIDUAL = """{"format": "torch-playground", "version": 1, "data": {"dataset": "digits"},
 "network": [{"layer": "Conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1}, {"layer": "BatchNorm2d"},
  {"layer": "ReLU"},
  {"layer": "Residual", "children": [{"layer": "Conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1}, {"layer": "ReLU"}]},
  {"layer": "ReLU", "disabled": true}, {"layer": "Flatten"}, {"layer": "Linear", "out_features": 10, "name": "scores"}],
 "recipe": {"loss": "CrossEntropy", "seed": 5}}"""


def project_of(name: str) -> Project:
    return read_project(RESIDUAL, "residual") if name == "residual" else projects.load(f"preset:{name}")


def plain(project: Project):
    """Parameters with their slopes, and the slope of the loss by what each layer gave; by hooks on tensors, not on nodes."""
    data = prepare(project.data, project.recipe.seed)
    model = build_network(project.network, data.input_shape, tokens=data.tokens, seed=project.recipe.seed)
    loss = losses.make(project.recipe, data.task, len(data.classes), data.train_targets)
    x, targets = few_samples(project, data, loss)
    given = []
    for position, module in enumerate(model):
        x = module(x)
        if x.requires_grad:
            x.retain_grad()
        given.append((position, x))
    value = loss(x, targets)
    value.backward()
    return data, model, given, value


@pytest.mark.parametrize("name", ["lenet-digits", "residual", "softmax-iris", "mlp-spirals"])
def test_every_slope_is_that_of_plain_pytorch(name):
    project = project_of(name)
    data, model, given, value = plain(project)
    told = network_graph(project, PAGE, data)
    first = told.nodes[0]
    assert (first.label, float(numbers(first.value))) == ("loss", pytest.approx(value.item(), rel=1e-6))
    layers = {node.layer: node for node in told.nodes if node.parts and node.layer}
    walked = [one for one in project.network if not one.disabled]
    numbered = {}
    number = 0
    for position, layer in enumerate(project.network):
        number += 1
        numbered[position] = number
        number += sum(1 for _child in layer.children)
    assert len(walked) == len(project.network) - sum(one.disabled for one in project.network)
    for position, output in given:
        if project.network[position].disabled or output.grad is None:
            continue
        node = layers[numbered[position]]
        assert node.shape == tuple(output.shape)
        assert node.came_norm == pytest.approx(output.grad.norm().item(), rel=1e-5)
        if node.came_in is not None:
            np.testing.assert_allclose(numbers(node.came_in), output.grad.numpy(), rtol=1e-5, atol=1e-8)
    slopes = {leaf.label: leaf for leaf in told.grads}
    expected = dict(model.named_parameters())
    assert len(slopes) == len(expected)
    for (label, leaf), (full, parameter) in zip(slopes.items(), expected.items(), strict=True):
        assert label.rpartition(".")[2] == full.rpartition(".")[2]
        assert leaf.norms[0] == pytest.approx(parameter.grad.norm().item(), rel=1e-5)
        if leaf.rounds:
            np.testing.assert_allclose(numbers(leaf.rounds[0]), parameter.grad.numpy(), rtol=1e-5, atol=1e-8)
        node = next(one for one in told.nodes if one.leaf and one.label == label)
        assert node.came_norm == pytest.approx(parameter.grad.norm().item(), rel=1e-5)


def test_what_goes_out_of_a_layer_comes_into_the_one_before():
    project = project_of("lenet-digits")
    told = network_graph(project, PAGE, prepare(project.data, project.recipe.seed))
    assert [node.label for node in told.nodes if node.parts][:4] == ["loss", "linear3", "relu4", "linear2"]
    assert next(node for node in told.nodes if node.label == "conv1").parts == ("ConvolutionBackward0",)
    for node in told.nodes:
        for into, norm in zip(node.inputs, node.out_norms, strict=True):
            assert norm == pytest.approx(told.nodes[into].came_norm, rel=1e-5)


def test_an_opened_layer_shows_its_own_nodes_and_the_rest_is_as_before():
    project = project_of("residual")
    data = prepare(project.data, project.recipe.seed)
    folded = network_graph(project, PAGE, data)
    opened = network_graph(project, Autograd(source="network", opened=(4,)), data)
    assert len(opened.nodes) > len(folded.nodes)
    inner = [node for node in opened.nodes if node.layer == 4 and not node.leaf]
    assert {"AddBackward0", "ConvolutionBackward0", "ReluBackward0"} <= {node.name for node in inner}
    before, after = ({leaf.label: leaf.norms for leaf in one.grads} for one in (folded, opened))
    assert before == after
    same = {node.label: node.came_norm for node in folded.nodes if node.label}
    assert {node.label: node.came_norm for node in opened.nodes if node.label} == pytest.approx(same)


def test_rounds_without_zero_grad_add_up():
    project = project_of("softmax-iris")
    data = prepare(project.data, project.recipe.seed)
    told = network_graph(project, Autograd(source="network", rounds=3, zero_grad=False), data)
    for leaf in told.grads:
        assert leaf.norms == pytest.approx([leaf.norms[0], 2 * leaf.norms[0], 3 * leaf.norms[0]], rel=1e-5)


def test_what_notes_nothing_is_named():
    text = RESIDUAL.replace('[{"layer": "Conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1}, ', '[{"layer": "AvgPool2d"}, {"layer": "Conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1}, ', 1)  # fmt: skip
    project = read_project(text, "test")
    assert network_graph(project, PAGE, prepare(project.data, 5)).outside == ("avgpool1",)


def test_nothing_of_the_process_is_changed():
    project = project_of("lenet-digits")
    state = torch.get_rng_state()
    network_graph(project, PAGE, prepare(project.data, project.recipe.seed))
    assert torch.equal(torch.get_rng_state(), state)


def test_a_network_that_does_not_fit_is_told_in_words():
    text = RESIDUAL.replace('"out_features": 10', '"out_features": 10, "in_features": 7')
    with pytest.raises(Problem, match="7"):
        answer(ShowNetwork(text, PAGE))


def test_outputs_that_are_too_few_for_the_classes_are_told_as_the_check_tells_them():
    few = project_of("softmax-iris")
    few = msgspec.structs.replace(few, network=(Layer("Linear", {"out_features": 2}),))
    with pytest.raises(Problem, match="gives 2 values") as raised:
        answer(ShowNetwork(write_project(few), PAGE))
    assert raised.value.fault == check(few).faults[0]


def test_the_workbench_answers_it():
    answers = []
    question = words.AskLab(3, ShowNetwork(write_project(project_of("softmax-iris")), PAGE))
    Workbench(answers.append).answer(words.decode_question(words.encode(question)))
    told = words.decode_answer(words.encode(answers[0]))
    assert isinstance(told, words.LabTold)
    assert told.told.nodes[0].label == "loss"
