"""How a script reads a data set: what the function `script` of a reader gives, and pieces that several of them use."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.engine.literal import WIDTH, literal


@dataclass(frozen=True)
class Reading:
    """body: statements that define `inputs` and `targets`, and where has_test `test_inputs` and `test_targets`:
        the samples as stored, tensors as in `engine.datasets.Raw`
    imports: whole lines, "from sklearn.datasets import load_digits"
    functions: definitions that the body needs, two empty lines between them
    is_float: samples are float32 as they are stored;  largest: the largest value that a pixel can have, None where
        samples are no pictures
    missing: inputs, float32, hold NaN where a value is not known
    """

    body: str
    imports: tuple[str, ...] = ()
    functions: str = ""
    has_test: bool = False
    is_float: bool = False
    largest: float | None = None
    missing: bool = False


READ_IDX = '''
def read_idx(path):
    """The bytes in an IDX file, plain or compressed, in their shape."""
    content = (gzip.open if path.suffix == ".gz" else open)(path, "rb").read()
    axes, data = content[3], bytearray(content)
    sizes = [int.from_bytes(data[4 * n : 4 * n + 4], "big") for n in range(1, axes + 1)]
    return torch.frombuffer(data, dtype=torch.uint8)[4 + 4 * axes :].reshape(sizes)
'''


def packaged(loader: str, samples: str, *, is_label: bool, largest: float | None = None) -> Reading:
    """A set in scikit-learn's package. loader: "load_iris()";  samples: an attribute of what it gives"""
    kind = "" if is_label else ", dtype=torch.float32"
    channel = "" if largest is None else ".unsqueeze(1)"
    body = f"""
found = {loader}
inputs = torch.tensor(found.{samples}, dtype=torch.float32){channel}
targets = torch.tensor(found.target{kind})
"""
    name = loader.partition("(")[0]
    return Reading(body, (f"from sklearn.datasets import {name}",), is_float=True, largest=largest)


def path_is(name: str, path: Path) -> str:
    """The statement that gives a path its name; its import is PATH_IMPORT."""
    text = literal(path.as_posix())
    short = f"{name} = Path({text})"
    return short if len(short) <= WIDTH else f"{name} = Path(\n    {text},\n)"


def list_is(name: str, values: Sequence[Any]) -> str:
    """The statement that gives a list its name."""
    short = f"{name} = [{', '.join(map(literal, values))}]"
    if len(short) <= WIDTH:
        return short
    return f"{name} = [\n" + "".join(f"    {literal(value)},\n" for value in values) + "]"


PATH_IMPORT = "from pathlib import Path"


def text_windows(path: Path, characters: str, window: int, encoding: str = "utf-8") -> Reading:
    """Windows of a text and the character behind each. characters: in the order of their tokens, "" for those found"""
    known = f"characters = {literal(characters)}" if characters else "characters = sorted(set(text))"
    body = f"""
{path_is("file", path)}
text = file.read_text(encoding="{encoding}")
{known}
places = {{one: place for place, one in enumerate(characters)}}
tokens = torch.tensor([places[one] for one in text])
cut = len(tokens) - len(tokens) // 10
inputs, targets = tokens[:cut].unfold(0, {window}, 1)[:-1], tokens[{window}:cut]
test = tokens[cut:]
test_inputs, test_targets = test.unfold(0, {window}, 1)[:-1], test[{window}:]
"""
    return Reading(body, (PATH_IMPORT,), has_test=True)
