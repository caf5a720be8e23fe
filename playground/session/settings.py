"""What the program remembers from one start to the next, in an INI file. A file that cannot be read or written
costs what it held, never the start."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSettings

from playground.disk import folders

FILE = "settings.ini"
MAX_RECENT = 10


class Settings(QObject):
    """Named settings, each with its type; `get` and `set` for what only one part of the window knows."""

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
        """Project files opened or saved lately, newest first."""
        return tuple(Path(name) for name in self.get("files/recent", "").split("\n") if name)

    def add_recent(self, path: Path) -> None:
        """Put a project file at the head of `recent`."""
        names = [str(path.resolve()), *(str(one) for one in self.recent)]
        self.set("files/recent", "\n".join(list(dict.fromkeys(names))[:MAX_RECENT]))

    def remove_recent(self, path: Path) -> None:
        """Forget a project file."""
        self.set("files/recent", "\n".join(str(one) for one in self.recent if one != path))

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


def _plain(value: QByteArray | bytes) -> bytes:
    return bytes(value.data()) if isinstance(value, QByteArray) else value
