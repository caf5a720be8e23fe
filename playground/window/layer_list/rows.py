"""What each row of the layer list says: plain functions of the project and its check."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from playground.core.arguments import in_effect, shown, shown_shape
from playground.core.datasets import DATASETS
from playground.core.layer import Layer
from playground.core.layers import LAYERS
from playground.core.project import Project
from playground.core.report import Row
from playground.core.spec import LayerSpec
from playground.core.text import _, plural

MOST_MAPS = 16
ONE_LINE = 6  # maps that are shown large, in one line


@dataclass(frozen=True)
class RowText:
    """A row as text. shape, params: "" where there is nothing to say, "–" or "?" where it is unknown.

    maps: how many feature maps its strip has room for, 0 for a row without a strip
    note: a line of small text below the name;  warned: it is a remark of the check
    """

    index: str
    icon: str
    name: str
    brief: str
    shape: str
    params: str
    maps: int = 0
    sparkline: bool = False
    unknown: bool = False
    disabled: bool = False
    note: str = ""
    warned: bool = False


def row_text(layer: Layer, index: int, row: Row | None, below_error: bool, trained: Layer | None = None) -> RowText:
    """The row of one layer.

    row: what the check says, None while it has not answered
    below_error: a row above has no output, so this one cannot be known
    trained: the layer that stood here when the newest run started, where it was another one
    """
    spec = LAYERS.get(layer.layer)
    off = layer.disabled or bool(row and row.disabled)  # by itself, or with the block that it is in
    failed = row is not None and row.error is not None
    shape = shown_shape(row.output_shape) if row else ("–" if below_error else "")
    note = _note(layer, trained) if spec else _("unknown layer, kept as it is")
    remark = row.warnings[0] if row and row.warnings and not note else ""
    return RowText(
        index=str(index),
        icon=spec.icon if spec else "unknown",
        name=layer.called,
        brief=_("switched off") if off else _brief_with_kind(spec, layer, row),
        shape="?" if failed else shape,
        params=f"{row.parameters:,}" if row and row.parameters else "",
        maps=_map_count(spec, row),
        sparkline=bool(row and row.parameters and not layer.children),
        unknown=spec is None,
        disabled=off,
        note=note or remark,
        warned=bool(remark),
    )


def _brief_with_kind(spec: LayerSpec | None, layer: Layer, row: Row | None) -> str:
    """The brief; what the layer is, before it, where its name does not say so."""
    brief = brief_of(spec, layer, row)
    return " ".join(filter(None, (layer.layer, brief))) if layer.name else brief


def brief_of(spec: LayerSpec | None, layer: Layer, row: Row | None) -> str:
    """The short text behind the name: "6→16, k3"; for a block, how many layers it holds."""
    if spec is None:
        return ""
    if spec.block or layer.children:
        return plural("{n} layer", "{n} layers", len(layer.children))
    return _Brief().vformat(spec.brief, (), _effective(spec, layer, row))


def _effective(spec: LayerSpec, layer: Layer, row: Row | None) -> Mapping[str, Any]:
    values = in_effect(spec.arguments, layer.arguments, row.input_shape if row else None)
    return {**values, **(row.arguments if row else {}), **layer.arguments}


class _Brief(Formatter):
    """Formats the values as the window prints them; an unknown one is a question mark."""

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> str:
        return shown(kwargs.get(str(key)))


def _map_count(spec: LayerSpec | None, row: Row | None) -> int:
    if not (spec and spec.maps and row and row.output_shape and len(row.output_shape) == 3 and row.error is None):
        return 0
    return min(MOST_MAPS, row.output_shape[0])


def _note(layer: Layer, trained: Layer | None) -> str:
    """What was changed since the run: "kernel_size 3 → 5"."""
    spec = LAYERS.get(layer.layer)
    if trained is None or trained.layer != layer.layer or spec is None:
        return ""
    if trained.disabled != layer.disabled:
        return _("switched off since the run") if layer.disabled else _("switched on since the run")
    names = dict.fromkeys((*trained.arguments, *layer.arguments))
    old, new = (in_effect(spec.arguments, one.arguments, None) for one in (trained, layer))
    changes = [
        _("{name} {old} → {new}").format(name=name, old=_value(old.get(name)), new=_value(new.get(name)))
        for name in names
        if old.get(name) != new.get(name)
    ]
    return " · ".join([*changes, _("edited since the run")]) if changes else ""


def _value(value: Any) -> str:
    return _("auto") if value is None else shown(value)


def spoken(text: RowText, layer: Layer, row: Row | None) -> str:
    """The row as a screen reader says it: "4, Conv2d, 6 to 16, kernel 3, output 16 by 13 by 13, 880 parameters"."""
    parts = [text.index, text.name]
    if text.brief:
        parts += [_spoken_brief(one) for one in text.brief.split(", ")]
    if row and row.output_shape:
        parts.append(_("output {shape}").format(shape=spoken_shape(row.output_shape)))
    if row and row.parameters:
        parts.append(plural("{n} parameter", "{n} parameters", row.parameters))
    if text.unknown:
        parts.append(_("unknown layer"))
    if row and row.error:
        parts.append(_("error: {sentence}").format(sentence=row.error.sentence))
    elif row:
        parts += [_("warning: {sentence}").format(sentence=one) for one in row.warnings]
    return ", ".join(parts)


def _spoken_brief(brief: str) -> str:
    brief = brief.replace("→", _(" to ")).replace("×", _(" by "))
    return _("kernel {size}").format(size=brief[1:]) if brief[:1] == "k" and brief[1:2].isdigit() else brief


def spoken_shape(shape: tuple[int, ...]) -> str:
    """A shape in words: "16 by 13 by 13"."""
    return _(" by ").join(str(size) for size in shape)


def input_text(project: Project) -> tuple[str, str]:
    """The title and the second line of the Input row: "Digits · batch 32 · −1..1"."""
    data = project.data
    spec = DATASETS.get(data.dataset)
    parts = [spec.title if spec else data.dataset, _("batch {n}").format(n=data.batch_size)]
    for step in data.preparation:
        for name, value in step.items():
            if name == "normalize":
                parts.append(str(value).replace("-", "−"))
            elif name == "standardize" and value:
                parts.append(_("mean 0, deviation 1"))
    return _("Input"), " · ".join(parts)


def footer_parts(parameters: int, size: int, multiply_adds: int, bad_row: int | None) -> list[tuple[str, str]]:
    """The line below the list as (figure, words) pairs.

    size: bytes of the parameters;  multiply_adds: of one sample;  bad_row: the first row with an error, if any
    """
    parts = [(f"{parameters:,}", plural("parameter", "parameters", parameters))]
    if bad_row is not None:
        return [*parts, ("", _("shape unknown from row {n}").format(n=bad_row))]
    return [*parts, (_bytes(size)[0], _bytes(size)[1]), _operations(multiply_adds)]


def _bytes(size: int) -> tuple[str, str]:
    if size < 1024:
        return str(size), _("bytes")
    return (f"{size / 1024:.1f}", "KiB") if size < 100 * 1024 else (f"{size / 1024**2:.2f}", "MiB")


def _operations(count: int) -> tuple[str, str]:
    if count < 10_000:
        return f"{count:,}", _("multiply-adds")
    if count < 1_000_000_000:
        return f"{count / 1e6:.2f}", _("M multiply-adds")
    return f"{count / 1e9:.2f}", _("G multiply-adds")


def summary_of(layers: int) -> str:
    """How many layers the network has, for the list's head."""
    return plural("{n} layer", "{n} layers", layers)
