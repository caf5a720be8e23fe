import numpy as np
import pytest
from scipy import stats

from playground.core.arguments import in_effect
from playground.core.datasets import DATASETS
from playground.engine.datasets import curves


def drawn(name, seed=0, **pinned):
    spec = DATASETS[name]
    options = in_effect(spec.arguments, pinned, None)
    raw = curves.load(spec, options=options, seed=seed)
    assert raw.train_inputs.shape == (options["samples"], *spec.sample_shape)
    return raw.train_inputs[:, 0].numpy(), raw.train_targets.numpy()


def test_without_noise_the_points_lie_on_the_line():
    x, y = drawn("line", noise=0.0, slope=-3.0, intercept=0.5)
    assert np.allclose(y, -3 * x + 0.5, atol=1e-5)


@pytest.mark.parametrize("waves", [1.0, 2.5])
def test_without_noise_the_points_lie_on_the_wave(waves):
    x, y = drawn("sine", noise=0.0, waves=waves)
    assert np.allclose(y, np.sin(waves * x.astype(np.float64)), atol=1e-5)


def test_least_squares_find_the_line_and_the_noise():
    x, y = drawn("line", samples=20_000, noise=0.7)
    found = stats.linregress(x, y)
    assert (found.slope, found.intercept) == (pytest.approx(2, abs=0.02), pytest.approx(1, abs=0.02))
    rest = y - found.slope * x - found.intercept
    assert rest.std() == pytest.approx(0.7, rel=0.03)
    assert stats.kstest(rest / 0.7, "norm").pvalue > 1e-3
    assert stats.kstest(x, "uniform", (-np.pi, 2 * np.pi)).pvalue > 1e-3


@pytest.mark.parametrize("name", ["line", "sine"])
def test_the_seed_alone_decides_and_the_declaration_holds(name):
    spec = DATASETS[name]
    assert all(np.array_equal(*pair) for pair in zip(drawn(name, 3), drawn(name, 3), strict=True))
    assert not np.array_equal(drawn(name, 3)[0], drawn(name, 4)[0])
    assert curves.describe(spec, options=in_effect(spec.arguments, {}, None)) == spec
    assert curves.describe(spec, options=in_effect(spec.arguments, {"samples": 12}, None)).train == 12
