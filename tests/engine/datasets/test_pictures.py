"""Folders of pictures, held against torchvision reading the same folders."""

import random
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.datasets import ImageFolder
from torchvision.transforms import CenterCrop, Compose, PILToTensor, Resize

from playground.core.data import Data
from playground.core.problem import Problem
from playground.engine import loader
from playground.engine.datasets import _decode, _kept, pictures
from playground.engine.fetch import Cancelled

SPEC = loader.spec_of("pictures")


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(_kept, "folder", lambda: tmp_path / "kept")
    pictures._found.clear()


def options_of(path, **options):
    return {one.name: one.default for one in SPEC.arguments} | {"path": str(path), **options}


def opened(path, **options):
    effective = options_of(path, **options)
    return pictures.describe(SPEC, options=effective), pictures.load(SPEC, options=effective)


def draw(path: Path, size=(12, 10), mode="RGB", seed=0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (size[1], size[0]) if mode == "L" else (size[1], size[0], len(mode))
    values = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    Image.fromarray(values, mode=None).save(path)
    return path


def fill(root: Path, classes=("cat", "dog"), count=5, **how) -> Path:
    for place, name in enumerate(classes):
        for number in range(count):
            draw(root / name / f"{number}.png", seed=100 * place + number, **how)
    return root


def theirs(root: Path, *steps, mode="RGB"):
    """(N, C, H, W) and labels as torchvision reads the folder."""
    folder = ImageFolder(str(root), transform=Compose([lambda one: one.convert(mode), *steps, PILToTensor()]))
    images, labels = zip(*folder, strict=True)
    return torch.stack(images), list(labels), folder.classes


def test_small_pictures_of_one_size_are_torchvisions_pixels(tmp_path):
    root = fill(tmp_path / "own", ("zebra", "ant", "Bee"))
    spec, raw = opened(root)
    images, labels, classes = theirs(root)
    assert spec.sample_shape == (3, 10, 12)
    assert torch.equal(raw.train_inputs, images)
    assert raw.train_targets.tolist() == labels
    assert list(spec.classes) == classes
    assert (spec.train, spec.test) == (15, None)


def test_grey_pictures_have_one_channel(tmp_path):
    root = fill(tmp_path / "own", mode="L")
    spec, raw = opened(root)
    assert spec.sample_shape == (1, 10, 12)
    assert torch.equal(raw.train_inputs, theirs(root, mode="L")[0])


@pytest.mark.parametrize("colour", ["grey", "colour"])
def test_mixed_sizes_and_modes_are_resized_and_cropped_as_torchvision_does(tmp_path, colour):
    root, draws = tmp_path / "own", random.Random(0)
    for number in range(16):
        size = (draws.randint(30, 90), draws.randint(30, 90))
        draw(root / f"c{number % 2}" / f"{number}.png", size, draws.choice(["L", "RGB"]), number)
    spec, raw = opened(root, size=32, colour=colour)
    images, _labels, _classes = theirs(root, Resize(32), CenterCrop(32), mode="L" if colour == "grey" else "RGB")
    assert spec.sample_shape == images.shape[1:]
    assert torch.equal(raw.train_inputs, images)
    assert any("Some are grey" in note for note in spec.notes)


def test_stretching_is_torchvisions_resize_to_both_sides(tmp_path):
    root = fill(tmp_path / "own", size=(50, 40))
    _spec, raw = opened(root, size=16, fit="stretch")
    assert torch.equal(raw.train_inputs, theirs(root, Resize((16, 16)))[0])


@pytest.mark.parametrize(("size", "expected"), [((300, 200), 64), ((40, 30), 30), ((500, 48), 32)])
def test_the_size_on_auto(tmp_path, size, expected):
    spec, _raw = opened(fill(tmp_path / "own", count=2, size=size))
    assert spec.sample_shape[1] == expected


def test_a_folder_parted_into_train_and_test(tmp_path):
    root = tmp_path / "own"
    fill(root / "train", count=4)
    fill(root / "test", count=2)
    fill(root / "val", count=1)
    spec, raw = opened(root)
    assert (spec.train, spec.test) == (8, 4)
    assert torch.equal(raw.train_inputs, theirs(root / "train")[0])
    assert torch.equal(raw.test_inputs, theirs(root / "test")[0])
    assert raw.test_targets.tolist() == theirs(root / "test")[1]
    assert any("val" in note for note in spec.notes)


def test_transparent_is_white_and_sixteen_bits_become_eight(tmp_path):
    root = tmp_path / "own"
    for name in ("a", "b"):
        (root / name).mkdir(parents=True)
    clear = np.zeros((8, 8, 4), dtype=np.uint8)
    Image.fromarray(clear).save(root / "a" / "clear.png")
    Image.fromarray(np.full((8, 8), 65535, dtype=np.uint16)).save(root / "b" / "deep.png")
    _spec, raw = opened(root, colour="grey")
    assert bool((raw.train_inputs == 255).all())


def test_the_cache_knows_a_file_that_has_changed(tmp_path, monkeypatch):
    root = fill(tmp_path / "own")
    opened(root)
    calls, real = [], _decode.picture
    monkeypatch.setattr(_decode, "picture", lambda *arguments: calls.append(1) or real(*arguments))
    opened(root)
    assert not calls
    draw(root / "cat" / "0.png", seed=999)
    _spec, raw = opened(root)
    assert len(calls) == 10
    assert torch.equal(raw.train_inputs, theirs(root)[0])
    opened(root, size=8)
    assert len(list((tmp_path / "kept").iterdir())) == 2


def test_writing_to_the_samples_changes_no_cache(tmp_path):
    root = fill(tmp_path / "own")
    opened(root)[1].train_inputs.zero_()
    assert torch.equal(opened(root)[1].train_inputs, theirs(root)[0])


def test_a_damaged_cache_is_decoded_again(tmp_path):
    root = fill(tmp_path / "own")
    opened(root)
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(kept.read_bytes()[:-7])
    assert torch.equal(opened(root)[1].train_inputs, theirs(root)[0])


def test_a_damaged_picture_is_named_and_nothing_is_kept(tmp_path):
    root = fill(tmp_path / "own", count=80)
    broken = root / "dog" / "7.png"
    broken.write_bytes(broken.read_bytes()[:60])
    with pytest.raises(Problem) as told:
        opened(root)
    assert str(broken) in told.value.fault.where
    assert not list((tmp_path / "kept").iterdir())


def test_decoding_can_be_cancelled_and_leaves_nothing(tmp_path):
    root = fill(tmp_path / "own", count=200)
    done: list[int] = []
    with pytest.raises(Cancelled):
        pictures.load(
            SPEC,
            options=options_of(root),
            progress=lambda count, total: done.append(count),
            cancelled=lambda: bool(done),
        )
    assert done
    assert done[0] < 400
    assert not list((tmp_path / "kept").iterdir())
    assert not [one for one in threading.enumerate() if one.name.startswith("pictures")]


@pytest.mark.parametrize(
    ("files", "where", "what"),
    [
        ({}, "own", "no folder in it holds pictures"),
        ({"a/1.png": "L"}, "own", "one class only"),
        ({"train/a/1.png": "L", "train/b/1.png": "L", "test/c/1.png": "L"}, "c", "no picture to train on"),
        ({"train/a/1.png": "L", "train/b/1.png": "L", "test/c.txt": ""}, "own", "test folder holds no pictures"),
        ({"a/1.png": "", "b/1.png": ""}, "1.png", "not a picture"),
        ({"1.png": "L", "2.png": "L"}, "own", "no folder in it holds pictures"),
    ],
)
def test_folders_that_cannot_be_used_are_told(tmp_path, files, where, what):
    root = tmp_path / "own"
    root.mkdir()
    for name, mode in files.items():
        if mode:
            draw(root / name, mode=mode)
        else:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(b"nothing")
    with pytest.raises(Problem) as told:
        opened(root)
    assert told.value.fault.where.split(" ")[0].endswith(where)
    assert what in told.value.fault.what


def test_an_empty_class_folder_is_left_out_and_told(tmp_path):
    root = fill(tmp_path / "own")
    (root / "empty").mkdir()
    spec, _raw = opened(root)
    assert spec.classes == ("cat", "dog")
    assert any("empty" in note for note in spec.notes)


def test_they_train_like_any_other_set(tmp_path):
    root = fill(tmp_path / "own", count=20)
    data = Data(dataset="pictures", options={"path": str(root)}, preparation=({"normalize": "0..1"},))
    prepared = loader.prepare(data, seed=0)
    assert prepared.input_shape == (3, 10, 12)
    assert (len(prepared.train_inputs), len(prepared.test_inputs)) == (32, 8)
    assert 0 <= float(prepared.train_inputs.min()) < 0.02
    assert 0.98 < float(prepared.train_inputs.max()) <= 1
