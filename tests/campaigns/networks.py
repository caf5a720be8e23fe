"""Random networks, blocks included: what the check predicts is what torch does, and every fix that it offers mends.

    uv run python -m tests.campaigns.networks [--count 1000] [--seed 0]

Each network is built and run on real tensors: shapes and parameters must equal those of the check, what is predicted to
fail must fail. Hypothesis draws the networks, and prints the smallest that breaks a rule.
"""

import argparse
import sys
import time
import warnings

import torch
from hypothesis import HealthCheck, given, seed, settings

from playground.core import edit
from playground.core.data import Data
from playground.core.network import Network, walk
from playground.core.project import Project
from playground.engine.build import build_network, module_at
from playground.engine.check import check
from tests.core.strategies import networks
from tests.engine.networks import applied

SAMPLE = (1, 8, 8)  # of the digits, as they are stored


def agrees_with_torch(network: Network) -> None:
    """Shapes and parameters equal those of the module run on real tensors; predicted failures fail."""
    rows = check(Project(Data(), network)).rows
    layers = dict(walk(network))
    assert set(layers) == {row.path for row in rows}
    if any(row.error for row in rows):
        assert _fails(network), "it was predicted to fail, and does not"
        return
    model, seen = build_network(network, SAMPLE).eval(), {}
    plain = [row for row in rows if row.output_shape is not None and not row.disabled]
    for row in plain:
        hook = lambda _module, _inputs, output, path=row.path: seen.__setitem__(path, tuple(output.shape[1:]))  # noqa: E731
        module_at(model, row.path).register_forward_hook(hook)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that InstanceNorm2d makes no use of num_features is no failure
        model(torch.zeros(2, *SAMPLE))
    assert {row.path: row.output_shape for row in plain} == seen
    idle = {row.path for row in rows if row.disabled}
    assert idle == {path for path in layers if any(layers[path[: cut + 1]].disabled for cut in range(len(path)))}
    assert idle.isdisjoint(seen)
    assert sum(row.parameters for row in rows) == sum(one.numel() for one in model.parameters())


def fixes_mend(network: Network) -> None:
    """Every offered fix, applied, removes the error of its row."""
    project = Project(Data(), network)
    rows = check(project).rows
    for row in rows:
        below = len(rows) - row.index
        for fix in row.fixes:
            after = check(applied(project, fix)).rows
            if not any(isinstance(one, edit.RemoveLayers) for one in fix.edits):
                assert after[len(after) - below - 1].error is None, fix.label
            assert len(after) <= len(rows) + 2, fix.label


def _fails(network: Network) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            build_network(network, SAMPLE).eval()(torch.zeros(2, *SAMPLE))
    except Exception:  # whatever PyTorch raises
        return True
    return False


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=1_000)
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    torch.set_num_threads(1)
    for rule in (agrees_with_torch, fixes_mend):
        began = time.monotonic()
        many = settings(max_examples=asked.count, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        seed(asked.seed)(many(given(networks)(lambda network, rule=rule: rule(network))))()
        print(f"{rule.__name__}: {asked.count} networks well, {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
