"""Where the monkey plays: empty folders with some files to find, walls round them, and the window that it is given."""

import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices, QImage

from playground.core.problem import Problem
from playground.core.project import write_project
from playground.disk import projects
from tests.e2e.stage import application, empty_home, rest, wait

MEMORY = 3_000_000_000  # bytes that a process may take: a network of random numbers may want more than there is
FASHION = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
SAMPLES = 512, 128
# What Python does first in each engine process: no connection leaves the machine, and memory has an end.
WALLS = f"""
import socket, sys

def refuse(*_words, **_more):
    raise OSError("no network")

socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
if sys.platform != "win32":
    import resource
    resource.setrlimit(resource.RLIMIT_DATA, ({MEMORY}, {MEMORY}))
"""
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Home:
    """Folders and files. outside: what was to be written elsewhere;  opened: addresses for a browser
    windows: how many more windows were asked for
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outside: list[str] = []
        self.opened: list[str] = []
        self.windows = 0
        self.files = self._filled(folder / "files")

    def _filled(self, folder: Path) -> dict[str, Path]:
        """What can be opened, dropped and typed as a path: well and not so well."""
        folder.mkdir()
        files = {name: folder / name for name in _contents()}
        for name, content in _contents().items():
            files[name].write_bytes(content)
        pictures = folder / "pictures"
        for number in range(12):
            place = pictures / ("cats", "dogs")[number % 2] / f"{number}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            picture = QImage(16, 12, QImage.Format.Format_RGB32)
            picture.fill(QColor(20 * number, 90, 200 - 10 * number))
            picture.save(str(place))
        np.savez(folder / "arrays.npz", x=np.random.default_rng(0).normal(size=(60, 4)), y=np.arange(60) % 3)
        more = {"pictures": pictures, "arrays.npz": folder / "arrays.npz"}
        return {**files, **more, "nowhere.csv": folder / "nowhere.csv", "new.playground": folder / "new.playground"}

    def touch(self, path: Path) -> None:
        """As another program would: the file is another one now."""
        path.write_bytes(_contents()["iris.playground"] + b"\n" * (1 + path.stat().st_size % 7))


def _contents() -> dict[str, bytes]:
    random = np.random.default_rng(0)
    rows = "\n".join(f"{a:.2f},{b:.2f},{'yes' if a > b else 'no'}" for a, b in random.normal(size=(80, 2)))
    iris, digits = (write_project(projects.load(f"preset:{name}")) for name in ("softmax-iris", "lenet-digits"))
    return {
        "iris.playground": iris.encode(),
        "digits.playground": digits.encode(),
        "broken.playground": digits.encode()[:200],
        "later.playground": digits.replace('"version": 1', '"version": 99').encode(),
        "table.csv": f"left,right,more\n{rows}\n".encode(),
        "text.txt": ("To be or not to be, that is the question. " * 40).encode(),
        "empty.csv": b"",
        "noise.bin": random.bytes(100_000),
    }


def _fashion(folder: Path) -> None:
    """Random pictures of the format's shape: what networks for Fashion-MNIST can learn from for some steps."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    for name in FASHION:
        count = SAMPLES[0] if name.startswith("train") else SAMPLES[1]
        shape = (count, 28, 28) if "images" in name else (count,)
        values = random.integers(0, 256 if "images" in name else 10, shape, dtype=np.uint8)
        head = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
        (folder / name).write_bytes(head + values.tobytes())


class Browser(QObject):
    """Takes the addresses that were for a browser."""

    def __init__(self, opened: list[str]) -> None:
        super().__init__()
        self._opened = opened

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self._opened.append(url.toString())


@contextmanager
def home() -> Iterator[Home]:
    """The folders and their walls; for a process of its own, which can never again write outside of them."""
    with empty_home() as folder:
        os.environ["HOME"] = str(folder)
        walls = folder / "walls"
        walls.mkdir()
        (walls / "sitecustomize.py").write_text(WALLS)
        # CUDA's libraries take more than MEMORY: under it they fail in ways of their own, which are not looked for here.
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
        os.environ["PYTHONPATH"] = os.pathsep.join((str(walls), *filter(None, sys.path)))
        data = folder / "data" / "torch-playground" / "datasets"
        if not data.exists():
            _fashion(data / "FashionMNIST" / "raw")
        application()
        made = Home(folder)
        _wall_in(made)
        browser = Browser(made.opened)
        for scheme in ("http", "https", "file", "mailto"):
            QDesktopServices.setUrlHandler(scheme, browser, "take")
        yield made
        for scheme in ("http", "https", "file", "mailto"):
            QDesktopServices.unsetUrlHandler(scheme)


def _path_of(event: str, place: str, words: tuple[Any, ...]) -> str:
    """Where a change is made. What is removed is the link itself, and it may be named from an open folder."""
    if event not in ("os.remove", "os.rmdir"):
        return os.path.realpath(place)
    if not os.path.isabs(place) and isinstance(words[1], int) and words[1] >= 0:
        place = os.path.join(os.readlink(f"/proc/self/fd/{words[1]}"), place)
    return os.path.join(os.path.realpath(os.path.dirname(place)), os.path.basename(place))


def _wall_in(made: Home) -> None:
    """This process writes nothing outside, connects to nothing and opens no windows of other processes."""
    from playground.session import windows

    sys.dont_write_bytecode = True
    inside = (os.path.realpath(made.folder), os.devnull)

    def look(event: str, words: tuple[Any, ...]) -> None:
        places: tuple[Any, ...] = ()
        if event == "open" and isinstance(words[0], str | bytes | os.PathLike):
            mode, flags = words[1] or "", words[2] or 0
            places = words[:1] if set(str(mode)) & set("wax+") or flags & _WRITES else ()
        elif event in _CHANGES:
            places = tuple(word for word in words[:2] if isinstance(word, str | bytes | os.PathLike))
        for place in places:
            path = _path_of(event, os.fsdecode(place), words)
            if not path.startswith(inside):
                made.outside.append(f"{event} {path}")
                raise PermissionError(13, "Permission denied", path)

    def open_window(project: Path | None = None) -> None:
        made.windows += 1
        if made.windows % 3 == 0:
            raise Problem(where="New window", what="the program could not be started once more", fix="Try again")

    def refuse(*_words: Any, **_more: Any) -> None:
        raise OSError("no network")

    sys.addaudithook(look)
    windows.open_window = open_window
    socket.socket.connect = socket.socket.connect_ex = refuse  # type: ignore[method-assign, assignment]
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


class Stage:
    """The window and its session, opened as the program does it; again, once it was closed."""

    def __init__(self) -> None:
        self.session: Any = None
        self.window: Any = None
        self.opened = 0

    @property
    def is_open(self) -> bool:
        return self.window is not None and self.window.isVisible()

    def open(self, *, front: bool) -> None:
        """front: with the welcome page before it"""
        from PySide6.QtCore import QTimer

        from playground.session.session import Session
        from playground.window import offers
        from playground.window.main_window import MainWindow

        self.session = session = Session()
        self.window = window = MainWindow(session)
        if front:
            window.front.open()
        window.show()
        session.start()
        QTimer.singleShot(0, window, lambda: offers.make(session, window.notices))
        self.opened += 1

    def until_ready(self) -> None:
        """raises TimeoutError"""
        client, training = self.session.client, self.session.training
        wait("the engine is ready", lambda: client.ready and client.report is not None and training.ready)

    def close(self) -> None:
        """As the program does at its end: what is unsaved is thrown away."""
        if self.window is None:
            return
        self.session.document.undo_stack.setIndex(0)
        self.window._closing = True
        self.window.close()
        self.window.deleteLater()
        self.session.close()
        self.session.deleteLater()
        self.window = self.session = None
        rest(50)
