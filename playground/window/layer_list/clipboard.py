"""Layers that travel: by drag, by clipboard, by mail. They are a project document that holds only its network."""

import json
from collections.abc import Iterable

from PySide6.QtCore import QMimeData

from playground.core.layer import Layer
from playground.core.network import Network
from playground.core.problem import Problem
from playground.core.project import FORMAT_NAME, MAX_BYTES, VERSION, layer_to, read_project
from playground.core.text import _

MIME = "application/x-torch-playground-layers"


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
    return mime.hasFormat(MIME) or (mime.hasText() and FORMAT_NAME in mime.text()[:200])


def layers_of(mime: QMimeData) -> Network:
    """The layers in a drop or the clipboard. raises Problem: there are none, or they cannot be read"""
    if mime.hasFormat(MIME):
        content = bytes(mime.data(MIME).data())
    elif mime.hasText():
        content = mime.text().encode(errors="replace")[: MAX_BYTES + 1]
    else:
        content = b""
    where = _("Pasted layers")
    network = read_project(content, where).network
    if not network:
        raise Problem(where=where, what=_("there is no layer in them"), fix=_("Copy layers from a network first"))
    return network
