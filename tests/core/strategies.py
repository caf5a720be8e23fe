"""Hypothesis strategies for layers, networks, projects and edits."""

from hypothesis import strategies as st

from playground.core import edit, network
from playground.core.code import STYLES
from playground.core.data import Data
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.project import LAST, About, Project
from playground.core.recipe import Recipe
from playground.core.spec import Argument

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
    spec = draw(st.sampled_from(PLAIN))
    pinned = draw(st.sets(st.sampled_from(spec.arguments), max_size=3)) if spec.arguments else set()
    ordered = [argument for argument in spec.arguments if argument in pinned]
    values = {argument.name: draw(value_of(argument)) for argument in ordered}
    return Layer(
        spec.name, values, (), draw(st.sampled_from(["", "", "first", "größe 2"])), draw(st.integers(0, 4)) == 4
    )


layers = st.recursive(
    plain_layers(),
    lambda inner: st.builds(
        Layer,
        st.sampled_from(["Sequential", "Residual", "Parallel"]),
        st.just({}),
        st.lists(inner, max_size=3).map(tuple),
        disabled=st.sampled_from([False, False, False, True]),
    ),
    max_leaves=5,
)
networks = st.lists(layers, max_size=6).map(tuple)
abouts = st.builds(
    About,
    title=st.text(max_size=4),  # the limits have a test of their own: long texts are drawn slowly
    summary=st.sampled_from(["", 'Größe × 2 "m"\n']),
    order=st.integers(0, LAST),
    code=st.sampled_from(["", *STYLES]),
)
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
