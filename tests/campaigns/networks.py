"""Random networks, blocks included: what the check predicts is what torch does, and every fix that it offers mends.

    uv run python -m tests.campaigns.networks [--count 1000] [--seed 0]

Each network is run on real tensors by plain torch (`tests/engine/plain.py`), on pictures, series, tables and texts:
shapes and parameters must equal those of the check and of the module that is trained; what is predicted to fail must
fail. Hypothesis draws the networks, and prints the smallest that breaks a rule.
"""

import argparse
import sys
import time
import warnings
from collections import Counter

import msgspec
import torch
from hypothesis import HealthCheck, given, seed, settings, strategies as st

from playground.core import edit
from playground.core.data import Data
from playground.core.network import Network, Path, walk
from playground.core.project import Project
from playground.core.report import Row
from playground.engine.build import build_network, module_at
from playground.engine.check import check
from playground.engine.loader import described, prepared_sample
from playground.engine.outcome import Coming
from tests.core.strategies import likely_networks, networks
from tests.engine.networks import applied
from tests.engine.plain import Run

SAMPLES = (
    Data(),  # a picture of one channel
    Data(dataset="cifar10"),  # of three
    Data(dataset="iris"),  # a row of a table
    Data(dataset="noisy-sines"),  # a series
    Data(dataset="small-text"),  # tokens
    Data(dataset="small-text", preparation=({"one_hot": True},)),  # steps of a text
)
seen: Counter[str] = Counter()  # how often what was drawn was what, for the last line


@st.composite
def projects(draw) -> Project:
    data = draw(st.sampled_from(SAMPLES))
    coming = sample_of(data)
    likely = likely_networks(len(coming.shape), coming.tokens > 0)
    return Project(data, draw(st.one_of(likely, likely, networks)))


def sample_of(data: Data) -> Coming:
    return prepared_sample(data, described(data))


def agrees_with_torch(project: Project) -> None:
    """Shapes and parameters equal those of a run on real tensors; predicted failures fail."""
    rows, coming = check(project).rows, sample_of(project.data)
    layers = dict(walk(project.network))
    assert set(layers) == {row.path for row in rows}
    run, failure = None, None
    try:
        run = Run(project.network, *coming)
    except Exception as error:  # whatever PyTorch raises
        failure = error
    seen["fail" if failure else "fit"] += 1
    if any(row.error for row in rows):
        assert failure is not None, "it was predicted to fail, and does not"
        return
    assert run is not None, f"it was predicted to fit, but: {failure!r}"
    plain = {row.path: row.output_shape for row in rows if row.output_shape is not None and not row.disabled}
    assert plain == run.shapes
    assert {row.path for row in rows if row.disabled} == _idle(layers)
    assert sum(row.parameters for row in rows) == run.parameters
    assert (_shapes_of_built(project.network, rows, coming), run.parameters) == (plain, _parameters_of_built(project))


def _idle(layers: dict) -> set[Path]:
    return {path for path in layers if any(layers[path[: cut + 1]].disabled for cut in range(len(path)))}


def _shapes_of_built(network: Network, rows: tuple[Row, ...], coming: Coming) -> dict[Path, tuple[int, ...]]:
    """What the module that is trained gives on real tensors, at each of its layers."""
    model, found = build_network(network, coming.shape, tokens=coming.tokens).eval(), {}
    for row in rows:
        if not row.disabled:
            hook = lambda _module, _in, out, path=row.path: found.__setitem__(path, tuple(out.shape[1:]))  # noqa: E731
            module_at(model, row.path).register_forward_hook(hook)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # that InstanceNorm2d makes no use of num_features is no failure
        model(torch.zeros(2, *coming.shape, dtype=torch.int64 if coming.tokens else torch.float32))
    return found


def _parameters_of_built(project: Project) -> int:
    shape, tokens = sample_of(project.data)
    return sum(one.numel() for one in build_network(project.network, shape, tokens=tokens).parameters())


def fixes_mend(project: Project) -> None:
    """Every offered fix, applied, removes the error of its row, and makes no other row fail above it."""
    project = _named(project)
    rows = check(project).rows
    for row in (row for row in rows if row.error is not None):
        for fix in row.fixes:
            seen["fix"] += 1
            mended = applied(project, fix)
            _is_mended(row, fix.label, rows, check(mended).rows, mended)


def _named(project: Project) -> Project:
    """Each layer with a name of its own, by which it is known again."""
    for number, (path, layer) in enumerate(walk(project.network)):
        named = msgspec.structs.replace(layer, name=f"n{number}")
        project = edit.apply(project, edit.ReplaceLayer(path, named))
    return project


def _is_mended(row: Row, label: str, before: tuple[Row, ...], after: tuple[Row, ...], project: Project) -> None:
    places = {layer.name: path for path, layer in walk(project.network)}
    now = places.get(f"n{row.index - 1}")
    errors = {one.path for one in after if one.error is not None}
    if now is not None:
        assert now not in errors, label
    beside = (one for one in before if one.index < row.index and row.path[: len(one.path)] != one.path)
    above = {f"n{one.index - 1}" for one in beside if one.error is None}
    assert not {places[name] for name in above & set(places)} & errors, f"{label} breaks what stands above"
    if now is not None and not any(path <= now or path[: len(now)] == now for path in errors):
        cut = _up_to(project.network, now)
        Run(cut, *sample_of(project.data))


def _up_to(network: Network, path: Path) -> Network:
    """The network up to a layer, with all that stands in the same block of the list."""
    return network[: path[0] + 1] if len(path) == 1 else network[: path[0]]


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=1_000)
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    torch.set_num_threads(1)
    for rule in (agrees_with_torch, fixes_mend):
        began = time.monotonic()
        seen.clear()
        many = settings(max_examples=asked.count, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        seed(asked.seed)(many(given(projects())(rule)))()
        drawn = ", ".join(f"{count:,} {name}" for name, count in seen.items())
        print(f"{rule.__name__}: {asked.count} networks well ({drawn}), {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
