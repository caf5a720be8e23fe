"""Tables and texts that somebody might have, or make in order to break the program. Each function writes one of them.

(draw, folder) -> path: what is drawn from `draw`, a random.Random, is the same for the same seed.
"""

import os
import random
from pathlib import Path

WORDS = ("red", "green", "blue", "Ärger", "雨", "n/a", "-", "=1+1", "<b>", "O'Neil", "1e3", "007")


def _rows(draw: random.Random, count: int, end: str = "\n", mark: str = ",") -> str:
    lines = [mark.join(("size", "colour", "day", "kind"))]
    for row in range(count):
        cells = (
            f"{draw.gauss(0, 5):.3f}",
            draw.choice(WORDS[:4]),
            f"2024-{row % 12 + 1:02}-{row % 28 + 1:02}",
            draw.choice("abc"),
        )
        lines.append(mark.join(cells))
    return end.join(lines) + end  # fmt: skip


def _written(folder: Path, content: str | bytes, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


def cut_off(draw: random.Random, folder: Path) -> Path:
    content = _rows(draw, draw.randint(1, 200)).encode(draw.choice(("utf-8", "utf-16", "utf-32", "utf-8-sig")))
    return _written(folder, content[: draw.randrange(len(content))])


def flipped_bytes(draw: random.Random, folder: Path) -> Path:
    content = bytearray(_rows(draw, 100).encode())
    for _time in range(draw.choice((1, 10, 1000))):
        content[draw.randrange(len(content))] = draw.randrange(256)
    return _written(folder, bytes(content))


def noise(draw: random.Random, folder: Path) -> Path:
    return _written(
        folder, draw.randbytes(draw.choice((1, 2, 3, 10, 1000, 300_000))), draw.choice(("own.csv", "own.txt"))
    )


def nothing(draw: random.Random, folder: Path) -> Path:
    return _written(folder, draw.choice(("", "\n", "   \n\t\n", "\ufeff", ",", ",,,\n,,,\n", '"', '""', "\r\r\r", ";")))


def few_rows(draw: random.Random, folder: Path) -> Path:
    return _written(folder, _rows(draw, draw.randint(0, 3)))


def one_column(draw: random.Random, folder: Path) -> Path:
    return _written(folder, "\n".join(["size", *(f"{draw.random()}" for _row in range(50))]))


def one_class(draw: random.Random, folder: Path) -> Path:
    value = draw.choice(("x", "1", "2024-01-01", "0.5"))
    return _written(folder, "a,y\n" + "".join(f"{draw.random()},{value}\n" for _row in range(50)))


def all_missing(draw: random.Random, folder: Path) -> Path:
    cells = draw.choice((("", "1"), ("1", ""), ("", ""), ("NA", "?"), ("nan", "null")))
    return _written(folder, "a,b,y\n" + f"{cells[0]},{cells[0]},{cells[1]}\n" * 30)


def ragged(draw: random.Random, folder: Path) -> Path:
    lines = _rows(draw, 300).splitlines()
    for _time in range(draw.choice((1, 3, 100))):
        place = draw.randrange(len(lines))
        lines[place] = (
            lines[place] + ",9" * draw.randint(1, 3) if draw.random() < 0.5 else lines[place].partition(",")[0]
        )
    return _written(folder, "\n".join(lines))


def other_encodings(draw: random.Random, folder: Path) -> Path:
    encoding = draw.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "utf-32-le"))
    mark = b"\xff\xfe" if draw.random() < 0.2 else b""
    return _written(folder, mark + _rows(draw, 60).encode(encoding, "replace"))


def dates(draw: random.Random, folder: Path) -> Path:
    pattern = draw.choice(
        ("{y}-{m}-{d}", "{d}.{m}.{y}", "{m}/{d}/{y}", "{y}-{m}-{d} {h}:00", "{y}{m}{d}", "{d}-{m}-{s}", "{m}/{d}")
    )
    lines = ["day,size"]
    for _row in range(80):
        day, month = draw.randint(1, draw.choice((28, 45))), draw.randint(1, draw.choice((12, 19)))
        lines.append(
            pattern.format(y=draw.randint(1, 9999), m=month, d=day, h=draw.randint(0, 30), s=day) + f",{draw.random()}"
        )
    return _written(folder, "\n".join(lines))  # fmt: skip


def broken_quotes(draw: random.Random, folder: Path) -> Path:
    content = _rows(draw, 100)
    for _time in range(draw.choice((1, 2, 9))):
        place = draw.randrange(len(content))
        content = content[:place] + '"' + content[place:]
    return _written(folder, content)


def huge_cell(draw: random.Random, folder: Path) -> Path:
    cell = draw.choice("a1\n") * draw.choice((140_000, 6_000_000))
    return _written(folder, f'a,y\n1,"{cell}"\n' + "2,3\n" * 40)


def one_long_line(draw: random.Random, folder: Path) -> Path:
    return _written(folder, draw.choice(("a", "1,", "\r", ",", " ")) * draw.choice((30_000, 5_000_000)))


def zero_bytes(draw: random.Random, folder: Path) -> Path:
    content = bytearray(_rows(draw, 3000).encode())
    content[draw.choice((0, 5, -1, len(content) // 2))] = 0
    return _written(folder, bytes(content))


def strange_headings(draw: random.Random, folder: Path) -> Path:
    names = draw.choices(
        ("", " ", "a", "a", "y", "\x1b[31m", "x" * 5000, "target", "雨", '"q""q"', "../../etc", "{0}"), k=6
    )
    return _written(folder, ",".join(names) + "\n" + "".join(",".join(str(draw.random()) for _n in names) + "\n" for _r in range(40)))  # fmt: skip


def strange_numbers(draw: random.Random, folder: Path) -> Path:
    cells = (
        "inf",
        "-inf",
        "1e400",
        "1e39",
        "-0",
        "0x10",
        "1_000",
        "１２",
        "٣",
        "1,5",
        "1.234.567,8",
        "NaN",
        "1e-400",
        "+",
        "e",
    )
    return _written(folder, "a;y\n" + "".join(f"{draw.choice(cells)};{draw.choice((*cells, '1', '2'))}\n" for _r in range(90)))  # fmt: skip


def mixed_line_ends(draw: random.Random, folder: Path) -> Path:
    return _written(
        folder, "".join(line + draw.choice(("\n", "\r\n", "\r", "\n\n")) for line in _rows(draw, 90).splitlines())
    )


def many_columns(draw: random.Random, folder: Path) -> Path:
    count = draw.choice((2000, 10_001, 60_000))
    return _written(folder, ",".join(map(str, range(count))) + "\n" + (",".join("1" * count) + "\n") * 3)


def many_categories(draw: random.Random, folder: Path) -> Path:
    """Half the time in the target, half in a feature."""
    count, last = draw.choice((2_000, 30_000)), draw.random() < 0.5
    rows = (f"w{row},{row % 2}\n" if not last else f"{row % 2},w{row}\n" for row in range(count))
    return _written(folder, "a,y\n" + "".join(rows))


def million_categories(draw: random.Random, folder: Path) -> Path:
    last = draw.random() < 0.5
    rows = (f"word {row},{row % 2}\n" if not last else f"{row % 2},word {row}\n" for row in range(1_000_000))
    return _written(folder, "a,y\n" + "".join(rows))


def announced_large(draw: random.Random, folder: Path) -> Path:
    """A file with holes: 10 GB for the system, a few kB on the disk."""
    path = _written(folder, _rows(draw, 50), draw.choice(("own.csv", "own.txt", "own.npz")))
    with path.open("r+b") as file:
        file.truncate(draw.choice((100_000_000, 10_000_000_000)))
    return path


def no_file(draw: random.Random, folder: Path) -> Path:
    """A pipe, a device, a loop of links, a folder with a file's name, nothing at all."""
    path = folder / "own.csv"
    kind = draw.randrange(6)
    if kind == 0 and hasattr(os, "mkfifo"):
        os.mkfifo(path)
    elif kind == 1:
        return Path("/dev/zero")
    elif kind == 2:
        path.symlink_to(path)
    elif kind == 3:
        path.mkdir()
    elif kind == 4:
        return folder / ("x" * 5000 + ".csv")
    return path


def text(draw: random.Random, folder: Path) -> Path:
    content = draw.choice(("a", "ab" * 500, "a" * 5000, "".join(map(chr, range(33, 30_000))), "night and rain " * 200))
    encoded = content.encode(draw.choice(("utf-8", "utf-16", "utf-16-le")))
    return _written(folder, encoded[: len(encoded) - draw.choice((0, 1))], "own.txt")


QUICK = (
    cut_off, flipped_bytes, noise, nothing, few_rows, one_column, one_class, all_missing, ragged, other_encodings, dates,
    broken_quotes, huge_cell, one_long_line, zero_bytes, strange_headings, strange_numbers, mixed_line_ends, many_columns,
    many_categories, announced_large, no_file, text,
)  # fmt: skip
SLOW = (million_categories,)
