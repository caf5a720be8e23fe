"""Layers that travel: by drag, by clipboard, by mail. They are a project document that holds only its network."""

import json
import re
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QMimeData

from playground.core.layer import Layer
from playground.core.network import Network
from playground.core.problem import Problem
from playground.core.project import FORMAT_NAME, MAX_BYTES, VERSION, layer_to, read_project
from playground.core.text import _

MIME = "application/x-torch-playground-layers"
MOST_LOOKED_AT = 20_000  # characters of a text, while it is dragged

_QUOTED = re.compile(r"^(?:[ \t]*>)+ ?", re.MULTILINE)  # how a mail marks what it answers to
_BEGINNING = re.compile(r'\{\s*"(?:format|layer)"|\[\s*\{\s*"layer"')
_NEXT = re.compile(r"\s*,\s*(?=\{)")


def text_of(layers: Iterable[Layer]) -> str:
    """The layers as project JSON, one layer a line."""
    lines = ",\n".join("  " + json.dumps(layer_to(layer), ensure_ascii=False) for layer in layers)
    return f'{{"format": "{FORMAT_NAME}", "version": {VERSION}, "network": [\n{lines}\n ]}}\n'


def mime_of(layers: Iterable[Layer]) -> QMimeData:
    """The layers for a drag or the clipboard; as plain text, too, so that they can be pasted into a mail."""
    text = text_of(layers)
    mime = QMimeData()
    mime.setData(MIME, text.encode())
    mime.setText(text)
    return mime


def has_layers(mime: QMimeData) -> bool:
    """Whether it may hold layers, without reading all of it."""
    return mime.hasFormat(MIME) or (mime.hasText() and '"layer"' in mime.text()[:MOST_LOOKED_AT])


def layers_of(mime: QMimeData | None) -> Network:
    """The layers in a drop or the clipboard. raises Problem: there are none, or they cannot be read

    mime: None of a clipboard that holds nothing
    """
    if mime is None:
        content = b""
    elif mime.hasFormat(MIME):
        content = bytes(mime.data(MIME).data())
    elif mime.hasText():
        content = within(mime.text()[: MAX_BYTES + 1]).encode(errors="replace")
    else:
        content = b""
    where = _("Pasted layers")
    network = read_project(content, where).network
    if not network:
        raise Problem(where=where, what=_("there is no layer in them"), fix=_("Copy layers from a network first"))
    return network


def within(text: str) -> str:
    """The project that stands in a text, as in a mail: quoted, with words around it, or only some layers of one."""
    text = _QUOTED.sub("", text.replace("\N{NO-BREAK SPACE}", " "))
    before = _BEGINNING.search(text)
    if before is None:
        return text
    text = text[before.start() :]
    try:
        found, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return text  # what is wrong with it is told where it is read
    if isinstance(found, dict) and "layer" in found:
        found = [found, *_further(text, end)]
    if isinstance(found, list):
        found = {"format": FORMAT_NAME, "version": VERSION, "network": found}
    return json.dumps(found)


def _further(text: str, end: int) -> list[Any]:
    """The layers that follow one behind a comma, as lines of a project file do."""
    found = []
    while comma := _NEXT.match(text, end):
        try:
            layer, end = json.JSONDecoder().raw_decode(text, comma.end())
        except (ValueError, RecursionError):
            break
        found.append(layer)
    return found
