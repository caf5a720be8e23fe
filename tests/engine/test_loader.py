import sys
import types

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits, load_iris

from playground.core import registry
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.problem import Problem
from playground.core.spec import DatasetSpec
from playground.engine import loader
from playground.engine.datasets import Raw
from playground.engine.fetch import Cancelled
from tests.engine import idx_files

PLAIN = Data(dataset="digits")


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    idx_files.own_places(tmp_path, monkeypatch)


@pytest.fixture
def plug_in(monkeypatch):
    """Adds a data set as another distribution would: by an entry point to one module with spec and `load`."""

    def add(load, task="classification", shape=(2,), classes=("no", "yes"), test=None):
        spec = DatasetSpec(
            name="strange", title="Strange", summary="", task=task, sample_shape=shape, classes=classes, train=10, test=test
        )  # fmt: skip
        module = types.ModuleType("teachers_package.strange")
        module.SPEC = spec
        if load is not None:
            module.load = load
        known = registry.plug_ins
        monkeypatch.setattr(
            registry,
            "plug_ins",
            lambda group: [module.__name__] if group == "playground.datasets" else known(group),
        )
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(DATASETS, "strange", spec)
        return module

    return add


def strange(inputs=None, targets=None, **more):
    inputs = torch.arange(20.0).reshape(10, 2) if inputs is None else inputs
    targets = torch.arange(len(inputs)) % 2 if targets is None else targets
    return lambda spec: Raw(inputs, targets, **more)


def equal(first, second):
    names = ("train_inputs", "train_targets", "test_inputs", "test_targets")
    return all(torch.equal(getattr(first, name), getattr(second, name)) for name in names)


@pytest.mark.parametrize(("name", "oracle"), [("digits", load_digits), ("iris", load_iris)])
def test_both_parts_together_are_scikit_learns_samples_each_once_with_its_label(name, oracle):
    prepared, theirs = loader.prepare(Data(dataset=name), seed=3), oracle()
    inputs = torch.cat([prepared.train_inputs, prepared.test_inputs]).flatten(1).numpy()
    targets = torch.cat([prepared.train_targets, prepared.test_targets]).numpy()

    def sorted_rows(inputs, targets):
        return sorted(map(tuple, np.column_stack([inputs, targets]).tolist()))

    assert sorted_rows(inputs, targets) == sorted_rows(theirs.data.astype(np.float32), theirs.target)


def test_what_is_prepared_is_as_promised():
    prepared = loader.prepare(Data(dataset="digits", preparation=({"resize": 32}, {"normalize": "-1..1"})), seed=0)
    assert prepared.input_shape == (1, 32, 32)
    assert prepared.task == "classification"
    assert prepared.classes == DATASETS["digits"].classes
    for inputs, targets in (
        (prepared.train_inputs, prepared.train_targets),
        (prepared.test_inputs, prepared.test_targets),
    ):
        assert inputs.dtype == torch.float32
        assert inputs.is_contiguous()
        assert inputs.shape == (len(targets), 1, 32, 32)
        assert targets.dtype == torch.int64
    assert prepared.train_inputs.min() == -1
    assert prepared.train_inputs.max() == 1  # 16, not 255, is the digits' largest


@pytest.mark.parametrize("name", ["digits", "iris"])
@pytest.mark.parametrize("fraction", [0.01, 0.2, 0.3333, 0.5, 0.9])
def test_each_class_gives_its_fair_share_to_the_test_part(name, fraction):
    prepared = loader.prepare(Data(dataset=name, test_fraction=fraction), seed=1)
    test = torch.bincount(prepared.test_targets, minlength=len(prepared.classes))
    everything = test + torch.bincount(prepared.train_targets, minlength=len(prepared.classes))
    assert len(prepared.test_targets) == round(int(everything.sum()) * fraction)
    assert (test - everything * fraction).abs().max() <= 1


def test_equal_seeds_give_equal_bits_on_any_number_of_threads():
    data = Data(dataset="digits", preparation=({"resize": 20}, {"normalize": "-1..1"}, {"standardize": True}))
    before, outcomes = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 4):
            torch.set_num_threads(threads)
            torch.manual_seed(threads)  # the global state must not matter
            outcomes.append(loader.prepare(data, seed=5))
    finally:
        torch.set_num_threads(before)
    assert all(equal(outcomes[0], other) for other in outcomes[1:])


def test_another_seed_splits_otherwise():
    first, second = (loader.prepare(PLAIN, seed=seed) for seed in (0, 1))
    assert not torch.equal(first.test_inputs, second.test_inputs)


def test_preparing_leaves_the_global_random_state_alone():
    before = torch.random.get_rng_state()
    loader.prepare(PLAIN, seed=0)
    loader.order(100, 0, 0)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_figures_are_measured_on_the_training_part_only():
    prepared = loader.prepare(Data(dataset="iris", preparation=({"standardize": True},), test_fraction=0.5), seed=0)
    torch.testing.assert_close(prepared.train_inputs.mean(0), torch.zeros(4), atol=1e-5, rtol=0)
    torch.testing.assert_close(prepared.train_inputs.std(0, correction=0), torch.ones(4), atol=1e-5, rtol=0)
    assert prepared.test_inputs.mean(0).abs().max() > 1e-3


def test_a_set_with_a_test_part_of_its_own_keeps_it_whatever_the_seed(tmp_path):
    content = idx_files.arrays(60, 20)
    idx_files.write(tmp_path / "fashion-mnist", content)
    for seed in (0, 1):
        prepared = loader.prepare(Data(dataset="fashion-mnist"), seed, tmp_path)
        assert np.array_equal(prepared.train_inputs.squeeze(1).numpy(), content[idx_files.NAMES[0]])
        assert np.array_equal(prepared.test_targets.numpy(), content[idx_files.NAMES[3]])


def test_a_named_folder_does_not_trouble_a_set_that_needs_none(tmp_path):
    assert equal(loader.prepare(PLAIN, 0, tmp_path), loader.prepare(PLAIN, 0))


@pytest.mark.parametrize("samples", [1, 2, 1000])
def test_the_order_is_a_permutation_and_a_function_of_seed_and_epoch(samples):
    order = loader.order(samples, 7, 3)
    assert order.sort().values.tolist() == list(range(samples))
    assert torch.equal(order, loader.order(samples, 7, 3))
    if samples == 1000:
        assert not torch.equal(order, loader.order(samples, 7, 4))
        assert not torch.equal(order, loader.order(samples, 8, 3))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (Data(dataset="digits"), (1, 8, 8)),
        (Data(dataset="digits", preparation=({"resize": 32}, {"normalize": "-1..1"})), (1, 32, 32)),
        (Data(dataset="iris", preparation=({"standardize": True},)), (4,)),
        (Data(dataset="fashion-mnist", preparation=({"standardize": True}, {"resize": 14})), (1, 14, 14)),
    ],
)
def test_the_input_shape_needs_no_file(data, expected, monkeypatch):
    monkeypatch.setattr(loader, "reader_of", lambda spec: pytest.fail("a file was asked for"))
    assert loader.input_shape_of(data) == expected


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (Data(dataset="digit"), ["Data set digit", "did you mean digits", "Choose one of"]),
        (Data(dataset="iris", preparation=({"resize": 8},)), ["works only on pictures"]),
        (Data(dataset="mnist", preparation=({"normalise": "0..1"},)), ["did you mean normalize"]),
    ],
)
def test_a_fault_in_the_data_is_told_before_any_file_is_looked_for(data, words):
    for function in (loader.input_shape_of, lambda data: loader.prepare(data, 0)):
        with pytest.raises(Problem) as caught:
            function(data)
        assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("fraction", [0.0001, 0.9999])
def test_an_empty_part_is_refused(fraction):
    with pytest.raises(Problem, match="Choose a fraction between"):
        loader.prepare(Data(dataset="iris", test_fraction=fraction), 0)


def test_a_plug_in_brings_declaration_and_reader_in_one_module(plug_in):
    plug_in(strange())
    prepared = loader.prepare(Data(dataset="strange", test_fraction=0.4), 0)
    assert (len(prepared.train_inputs), len(prepared.test_inputs)) == (6, 4)
    state = next(state for state in loader.states() if state.name == "strange")
    assert state.available


def test_values_to_be_predicted_stay_values_and_need_no_classes(plug_in):
    plug_in(strange(targets=torch.linspace(-1, 1, 10, dtype=torch.float64)), task="regression", classes=())
    prepared = loader.prepare(Data(dataset="strange"), 0)
    assert prepared.train_targets.dtype == torch.float32
    row = {
        tuple(inputs.tolist()): target
        for inputs, target in zip(prepared.train_inputs, prepared.train_targets, strict=True)
    }
    for (first, _second), target in row.items():
        assert target == pytest.approx(-1 + first / 9)


@pytest.mark.parametrize(
    ("load", "words"),
    [
        (strange(torch.zeros(10, 3)), "a sample has the shape 3, but must have 2"),
        (strange(torch.zeros(0, 2)), "0 samples and 0 labels"),
        (strange(targets=torch.zeros(9, dtype=torch.int64)), "10 samples and 9 labels"),
        (strange(targets=torch.full((10,), 2)), "a label 2, but the classes go from 0 to 1"),
        (strange(targets=torch.full((10,), -1)), "a label −1|a label -1"),
        (strange(torch.full((10, 2), float("nan"))), "not numbers"),
        (strange(test_inputs=torch.zeros(3, 2), test_targets=torch.full((3,), 7)), "a label 7"),
        (None, "no function load"),
    ],
)
def test_samples_that_are_not_as_declared_are_refused(plug_in, load, words):
    plug_in(load)
    with pytest.raises(Problem, match=f"^Strange: .*({words})"):
        loader.prepare(Data(dataset="strange"), 0)


def test_a_plug_in_that_fails_to_look_spoils_its_own_line_only(plug_in, caplog):
    plug_in(strange()).locate = lambda spec: 1 / 0
    states = {state.name: state for state in loader.states()}
    assert "ZeroDivisionError" in str(states["strange"].fault)
    assert not states["strange"].available
    assert states["digits"].available
    assert "locating strange" in caplog.text


def test_states_name_every_data_set_and_open_no_connection(monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_arguments: pytest.fail("a connection was opened"))
    states = {state.name: state for state in loader.states()}
    assert list(states) == list(DATASETS)
    assert states["digits"].available
    assert states["iris"].available
    assert not states["fashion-mnist"].available
    assert states["fashion-mnist"].bytes == 30_878_645


@pytest.mark.parametrize("turns", [0, 1, 5])
def test_the_preparation_of_many_samples_can_be_cancelled(monkeypatch, turns):
    monkeypatch.setattr("playground.engine.preparation._CHUNK_VALUES", 64 * 100)  # a hundred pictures at a time
    asked = []
    data = Data(dataset="digits", preparation=({"standardize": True},))
    with pytest.raises(Cancelled, match="cancelled"):
        loader.prepare(data, 0, cancelled=lambda: asked.append(1) or len(asked) > turns)
    assert len(asked) == turns + 1


def test_a_reader_is_given_what_it_names_and_nothing_else(plug_in, tmp_path):
    seen = []

    def load(spec, *, seed, progress, cancelled, folder=None):
        seen.append((seed, progress, cancelled, folder))
        return strange()(spec)

    def progress(done, total):
        pytest.fail("this reader tells nothing")

    def cancelled():
        return False

    plug_in(load)
    loader.prepare(Data(dataset="strange"), 7, tmp_path, progress, cancelled)
    assert seen == [(7, progress, cancelled, tmp_path)]
