"""What the program remembers from one start to the next, in an INI file. A file that cannot be read or written
costs what it held, never the start.

Several windows, each a process of its own, may have it open: QSettings locks it, and writes only what was set here.
"""

import hashlib
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from playground.disk import folders

FILE = "settings.ini"
MAX_RECENT = 10
RECENT = "recent/"  # the group of their keys


class Settings(QObject):
    """Named settings, each with its type; `get` and `set` for what only one part of the window knows."""

    device_changed = Signal()

    def __init__(self, file: Path | None = None, parent: QObject | None = None):
        super().__init__(parent)
        self._file = QSettings(str(file or folders.config() / FILE), QSettings.Format.IniFormat, self)

    @property
    def device(self) -> str:
        """The device that runs start on: PyTorch's name, or "auto"."""
        return self.get("run/device", "auto")

    @device.setter
    def device(self, name: str) -> None:
        self.set("run/device", name)
        self.device_changed.emit()

    @property
    def theme(self) -> str:
        """ "light", "dark" or "system" """
        theme = self.get("window/theme", "system")
        return theme if theme in ("light", "dark", "system") else "system"

    @theme.setter
    def theme(self, name: str) -> None:
        self.set("window/theme", name)

    @property
    def geometry(self) -> bytes:
        """QWidget.saveGeometry of the main window; empty at first."""
        return self.get("window/geometry", b"")

    @geometry.setter
    def geometry(self, value: QByteArray | bytes) -> None:
        self.set("window/geometry", _plain(value))

    @property
    def layout(self) -> bytes:
        """QMainWindow.saveState: where the docks stand; empty at first."""
        return self.get("window/layout", b"")

    @layout.setter
    def layout(self, value: QByteArray | bytes) -> None:
        self.set("window/layout", _plain(value))

    @property
    def recent(self) -> tuple[Path, ...]:
        """Project files opened or saved lately, in any window; newest first."""
        self._file.sync()
        return tuple(Path(name) for _when, name in self._recent())[:MAX_RECENT]

    def add_recent(self, path: Path) -> None:
        """Put a project file at the head of `recent`."""
        # each under a key of its own: what several windows add is then merged, where one list would be overwritten
        name, known = str(path.resolve()), self._recent()
        when = max(time.time_ns(), known[0][0] + 1 if known else 0)
        self.set(_recent_key(name), f"{when} {name}")
        for _when, older in [one for one in known if one[1] != name][MAX_RECENT - 1 :]:
            self._file.remove(_recent_key(older))
        self._file.sync()

    def remove_recent(self, path: Path) -> None:
        """Forget a project file."""
        self._file.remove(_recent_key(str(path)))

    def _recent(self) -> list[tuple[int, str]]:
        """(nanoseconds since 1970, path), newest first."""
        found = []
        for key in self._file.allKeys():
            if key.startswith(RECENT):
                when, _space, name = self.get(key, "").partition(" ")
                if when.isdigit() and name:
                    found.append((int(when), name))
        return sorted(found, reverse=True)

    def get(self, key: str, default: Any) -> Any:
        """The value, of the type of `default` (str, int, float, bool, bytes); the default where it is not of that kind."""
        value = self._file.value(key)
        if value is None:
            return default
        if isinstance(default, bytes):
            return _plain(value) if isinstance(value, (QByteArray, bytes)) else default
        if isinstance(default, bool):
            return {"true": True, "false": False}.get(str(value).lower(), default)
        try:
            return type(default)(value)
        except (TypeError, ValueError):
            return default

    def set(self, key: str, value: Any) -> None:
        """Keep a value; the file is written when the program is idle and when it ends."""
        self._file.setValue(key, QByteArray(value) if isinstance(value, bytes) else value)

    def close(self) -> None:
        """Write the file now."""
        self._file.sync()


def _recent_key(name: str) -> str:
    return RECENT + hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:16]


def _plain(value: QByteArray | bytes) -> bytes:
    return bytes(value.data()) if isinstance(value, QByteArray) else value
