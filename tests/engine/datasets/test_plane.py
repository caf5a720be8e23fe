import msgspec
import numpy as np
import pytest
import torch
from sklearn.datasets import make_blobs, make_circles, make_moons
from sklearn.linear_model import LogisticRegression

from playground.core.arguments import in_effect
from playground.core.datasets import DATASETS
from playground.engine.datasets import plane

NAMES = [name for name, spec in DATASETS.items() if spec.kind == "plane" and spec.group == "generated"]


def drawn(name, seed=0, **pinned):
    spec = DATASETS[name]
    options = in_effect(spec.arguments, pinned, None)
    raw = plane.load(plane.describe(spec, options=options), options=options, seed=seed)
    return raw.train_inputs.numpy(), raw.train_targets.numpy()


def in_order(points, labels):
    """Rows of (label, x, y), sorted: the points without their order."""
    return np.array(sorted(map(tuple, np.column_stack([labels, points.astype(np.float32).round(5) + 0.0]))))


@pytest.mark.parametrize("samples", [10, 11, 500])
@pytest.mark.parametrize(
    ("name", "pinned", "theirs"),
    [
        ("circles", {}, lambda count: make_circles(count, noise=None, factor=0.5)),
        ("circles", {"factor": 0.8}, lambda count: make_circles(count, noise=None, factor=0.8)),
        ("moons", {}, lambda count: make_moons(count, noise=None)),
    ],
)
def test_without_noise_the_points_are_scikit_learns(name, pinned, theirs, samples):
    assert np.allclose(
        in_order(*drawn(name, samples=samples, noise=0.0, **pinned)), in_order(*theirs(samples)), atol=2e-5
    )


@pytest.mark.parametrize("name", ["circles", "moons"])
def test_the_noise_is_normal_and_scikit_learns(name):
    make = {"circles": lambda **more: make_circles(factor=0.5, **more), "moons": make_moons}[name]
    mine, labels = drawn(name, samples=40_000, noise=0.3)
    theirs, their_labels = make(n_samples=40_000, noise=0.3, random_state=0)
    for label in (0, 1):
        one, other = mine[labels == label], theirs[their_labels == label]
        assert np.allclose(one.mean(0), other.mean(0), atol=0.02)
        assert np.allclose(np.cov(one.T), np.cov(other.T), atol=0.02)
        for quantile in (0.01, 0.25, 0.75, 0.99):
            assert np.allclose(np.quantile(one, quantile, axis=0), np.quantile(other, quantile, axis=0), atol=0.05)


def test_blobs_are_round_of_the_spread_asked_for_and_as_large_as_scikit_learns():
    points, labels = drawn("blobs", samples=30_001, spread=0.7, blobs=4)
    _theirs, their_labels = make_blobs(30_001, centers=4, random_state=0)
    assert np.array_equal(np.bincount(labels), np.bincount(their_labels))
    for label in range(4):
        assert np.allclose(np.cov(points[labels == label].T), 0.49 * np.eye(2), atol=0.02)
    middles = np.concatenate([drawn("blobs", seed=seed, samples=10, spread=0.0, blobs=10)[0] for seed in range(300)])
    assert np.abs(middles).max() <= 10  # make_blobs' center_box
    assert np.allclose(np.quantile(middles, (0.1, 0.5, 0.9)), (-8, 0, 8), atol=0.6)


def test_xor_is_what_its_name_says():
    points, labels = drawn("xor", samples=20_000, noise=0.0)
    assert np.array_equal(labels, (points[:, 0] > 0) ^ (points[:, 1] > 0))
    assert np.abs(points).max() <= 1
    assert np.allclose(np.cov(points.T), np.eye(2) / 3, atol=0.01)  # uniform from −1 to 1
    noisy, labels = drawn("xor", samples=20_000, noise=0.3)
    wrong = labels != (noisy[:, 0] > 0) ^ (noisy[:, 1] > 0)
    assert 0.1 < wrong.mean() < 0.3


@pytest.mark.parametrize(("arms", "turns"), [(2, 1.5), (3, 1.0), (6, 0.5)])
def test_an_arm_of_a_spiral_is_the_first_one_turned(arms, turns):
    points, labels = drawn("spirals", samples=60 * arms, noise=0.0, arms=arms, turns=turns)
    assert np.array_equal(np.bincount(labels), [60] * arms)
    radii = np.hypot(*points.T)
    assert radii.max() == pytest.approx(1)
    # r · turns is the angle, in turns, behind where the arm begins
    angle = np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi)
    behind = (angle - turns * radii - labels / arms + 0.5) % 1 - 0.5
    assert np.abs(behind).max() < 1e-5


@pytest.mark.parametrize("name", ["circles", "spirals", "xor"])
def test_no_straight_line_parts_the_classes(name):
    points, labels = drawn(name, samples=2000)
    assert LogisticRegression().fit(points, labels).score(points, labels) < 0.75


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_alone_decides_what_is_drawn(name):
    first, again, other = drawn(name, 1), drawn(name, 1), drawn(name, 2)
    state = torch.get_rng_state()
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    assert torch.equal(state, torch.get_rng_state())
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(3 - min(2, threads))
        assert all(np.array_equal(*pair) for pair in zip(first, drawn(name, 1), strict=True))
    finally:
        torch.set_num_threads(threads)


@pytest.mark.parametrize("name", NAMES)
def test_the_declaration_is_that_of_the_options_left_alone(name):
    spec = DATASETS[name]
    assert plane.describe(spec, options=in_effect(spec.arguments, {}, None)) == spec
    points, labels = drawn(name)
    assert points.shape == (spec.train, *spec.sample_shape)
    assert points.dtype == np.float32
    assert set(labels) == set(range(len(spec.classes)))


def test_the_classes_follow_the_options():
    for name, option in (("spirals", "arms"), ("blobs", "blobs")):
        spec = DATASETS[name]
        options = in_effect(spec.arguments, {option: 5, "samples": 77}, None)
        found = plane.describe(spec, options=options)
        assert len(found.classes) == 5
        assert found == msgspec.structs.replace(spec, train=77, classes=found.classes)
