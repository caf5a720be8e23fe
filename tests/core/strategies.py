"""Hypothesis strategies for layers, networks, projects and edits."""

from hypothesis import strategies as st

from playground.core import edit, network
from playground.core.code import STYLES
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.project import LAST, About, Project
from playground.core.recipe import Recipe
from playground.core.spec import Argument, LayerSpec

PLAIN = [spec for spec in LAYERS.values() if not spec.block]


def value_of(argument: Argument) -> st.SearchStrategy:
    """A value that the declaration allows."""
    if argument.kind == "bool":
        return st.booleans()
    if argument.kind == "choice":
        return st.sampled_from(argument.choices)
    low, high = int(argument.low or 0), int(min(argument.high or 9, 9))
    numbers = st.integers(max(low, -8), high)
    if argument.kind == "float":
        return st.floats(max(argument.low or 0, 1e-6), min(argument.high or 9, 9))
    if argument.kind == "pair":
        return numbers | st.lists(numbers, min_size=2, max_size=2)
    if argument.kind == "ints":
        counts = argument.counts or (1, 2, 3)
        return numbers | st.sampled_from(counts).flatmap(lambda n: st.lists(numbers, min_size=n, max_size=n))
    return numbers


@st.composite
def plain_layers(draw) -> Layer:
    """Any layer with any arguments."""
    return draw(of_spec(draw(st.sampled_from(PLAIN)), likely=False))


@st.composite
def of_spec(draw, spec: LayerSpec, likely: bool) -> Layer:
    """A layer of this kind. likely: sizes of its input stay on auto, and few arguments are pinned"""
    arguments = [one for one in spec.arguments if not (likely and one.from_input is not None)]
    most = st.sampled_from([0, 1, 1, 2, len(arguments)]) if likely else st.sampled_from([3, len(arguments)])
    pinned = draw(st.sets(st.sampled_from(arguments), max_size=draw(most))) if arguments else set()
    values = {one.name: draw(value_of(one)) for one in spec.arguments if one in pinned}
    name, disabled = draw(st.sampled_from(["", "", "first", "größe 2"])), draw(st.integers(0, 5)) == 5
    return Layer(spec.name, values, (), name, disabled)


def _blocks(inner: st.SearchStrategy) -> st.SearchStrategy:
    kinds = st.sampled_from([spec for spec in LAYERS.values() if spec.block])
    return kinds.flatmap(lambda spec: st.builds(
        Layer,
        st.just(spec.name),
        st.sets(st.sampled_from(spec.arguments)).flatmap(_pinned) if spec.arguments else st.just({}),
        inner,
        st.sampled_from(["", "block"]),
        st.sampled_from([False, False, False, True]),
    ))  # fmt: skip


def _pinned(arguments: set[Argument]) -> st.SearchStrategy:
    return st.fixed_dictionaries({one.name: value_of(one) for one in sorted(arguments, key=lambda one: one.name)})


layers = st.recursive(plain_layers(), lambda inner: _blocks(st.lists(inner, max_size=3).map(tuple)), max_leaves=5)
networks = st.lists(layers, max_size=6).map(tuple)
abouts = st.builds(
    About,
    title=st.text(max_size=4),  # the limits have a test of their own: long texts are drawn slowly
    summary=st.sampled_from(["", 'Größe × 2 "m"\n']),
    order=st.integers(0, LAST),
    code=st.sampled_from(["", *STYLES]),
)


@st.composite
def likely_networks(draw, axes: int, tokens: bool, longest: int = 7, depth: int = 0) -> network.Network:
    """A network that often fits: most layers are of the kinds that work on as many axes as a sample then has.

    axes: of a sample;  tokens: whether it is made of them
    """
    made: list[Layer] = []
    for _position in range(draw(st.integers(0, longest))):
        if depth < 2 and draw(st.integers(0, 5)) == 0:
            inside = likely_networks(axes, tokens, 3, depth + 1)
            made.append(draw(_blocks(inside)))
            continue
        fitting = [spec for spec in PLAIN if spec.axes in (0, axes) and (spec.example_tokens > 0) == tokens]
        any_kind = not fitting or draw(st.integers(0, 11)) == 0
        layer = draw(plain_layers() if any_kind else st.sampled_from(fitting).flatmap(lambda one: of_spec(one, True)))
        made.append(layer)
        if not layer.disabled:
            axes, tokens = _axes_after(layer, axes), tokens and layer.layer != "Embedding"
    return tuple(made)


def _axes_after(layer: Layer, axes: int) -> int:
    """About how many axes a sample has behind a layer."""
    if layer.layer == "Embedding":
        return axes + 1
    if layer.layer == "Flatten":
        return 1 if "start_dim" not in layer.arguments else axes
    if LAYERS[layer.layer].wrapper and layer.arguments.get("output", "last") == "last" and axes == 2:
        return 1 if layer.layer != "MultiheadAttention" else 2
    return axes


projects = st.builds(
    Project,
    data=st.builds(Data, dataset=st.sampled_from(["digits", "iris"]), batch_size=st.integers(1, 512)),
    network=networks,
    recipe=st.builds(Recipe, epochs=st.integers(1, 99), seed=st.integers(0, 2**40)),
    about=st.just(About()) | abouts,
)


@st.composite
def edits(draw, project: Project) -> edit.Edit:
    """An edit that is possible in this project."""
    paths = [path for path, _layer in network.walk(project.network)]
    places = [*paths, (len(project.network),)]
    if not paths:
        return edit.InsertLayers(draw(st.sampled_from(places)), (draw(layers),))
    path, kind = draw(st.sampled_from(paths)), draw(st.integers(0, 10))
    chosen = tuple(draw(st.sets(st.sampled_from(paths), min_size=1, max_size=3)))
    outside = [to for to in places if not any(to[: len(one)] == one for one in chosen)]
    match kind:
        case 0:
            return edit.InsertLayers(draw(st.sampled_from(places)), (draw(layers),))
        case 1:
            return edit.RemoveLayers(chosen)
        case 2 if outside:
            return edit.MoveLayers(chosen, draw(st.sampled_from(outside)))
        case 3:
            return edit.DuplicateLayers((path,))
        case 4:
            return edit.SetArgument(path, draw(st.sampled_from(["bias", "p", "kernel_size"])), draw(st.integers(1, 9)))
        case 5:
            return edit.ReleaseArgument(path, "kernel_size")
        case 6:
            return edit.RenameLayer(path, draw(st.text(max_size=8)))
        case 7:
            return edit.SetDisabled(chosen, draw(st.booleans()))
        case 8:
            return edit.GroupLayers(chosen)
        case 9 if network.at(project.network, path).children:
            return edit.UngroupLayers(path)
        case _:
            return edit.SetRecipe({"epochs": draw(st.integers(1, 50))})
