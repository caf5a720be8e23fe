import io
import zipfile

import numpy as np
import pytest
import torch

from playground.core.data import Data
from playground.core.problem import Problem
from playground.engine import loader
from playground.engine.datasets import arrays

SPEC = loader.spec_of("arrays")
DRAW = np.random.default_rng(0)
LABELS = np.arange(20) % 3


@pytest.fixture
def save(tmp_path):
    def save(compressed=False, **content):
        path = tmp_path / "own.npz"
        (np.savez_compressed if compressed else np.savez)(path, **content)
        return path

    return save


def opened(path, **options):
    effective = {one.name: one.default for one in SPEC.arguments} | {"path": str(path), **options}
    return arrays.describe(SPEC, options=effective), arrays.load(SPEC, options=effective)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("names", [("x", "y"), ("X_train", "Y_train"), ("images", "labels"), ("arr_0", "arr_1")])
def test_arrays_are_found_by_usual_names(save, names, compressed):
    values = DRAW.normal(size=(20, 4))
    spec, raw = opened(save(compressed, **dict(zip(names, (values, LABELS), strict=True))))
    assert raw.train_inputs.tolist() == values.astype(np.float32).tolist()
    assert raw.train_targets.tolist() == LABELS.tolist()
    assert (spec.kind, spec.sample_shape, spec.classes) == ("table", (4,), ("0", "1", "2"))


def test_a_test_part_is_taken_as_it_is(save):
    values = DRAW.integers(0, 256, (20, 6, 5), dtype=np.uint8)
    path = save(x_train=values, y_train=LABELS, x_test=values[:7], y_test=LABELS[:7, None])
    spec, raw = opened(path)
    assert (spec.kind, spec.sample_shape, spec.train, spec.test) == ("picture", (1, 6, 5), 20, 7)
    assert torch.equal(raw.test_inputs[:, 0], torch.from_numpy(values[:7]))
    assert raw.test_targets.tolist() == LABELS[:7].tolist()


@pytest.mark.parametrize(
    ("shape", "options", "expected"),
    [
        ((20, 8, 9, 3), {}, (3, 8, 9)),
        ((20, 3, 8, 9), {}, (3, 8, 9)),
        ((20, 3, 8, 3), {"channels": "last"}, (3, 3, 8)),
        ((20, 8, 9), {"samples": "series"}, (8, 9)),
        ((20, 8, 9), {"samples": "table"}, (72,)),
        ((20, 8), {"samples": "series"}, (8,)),
    ],
)
def test_axes_are_put_in_the_order_of_torch(save, shape, options, expected):
    values = DRAW.integers(0, 256, shape, dtype=np.uint8)
    spec, raw = opened(save(x=values, y=LABELS), **options)
    assert spec.sample_shape == tuple(raw.train_inputs.shape[1:]) == expected
    last = shape[-1] == 3 and expected[0] == 3
    wanted = np.moveaxis(values, -1, 1) if last else values
    assert raw.train_inputs.numpy().reshape(-1).tolist() == wanted.reshape(-1).tolist()


@pytest.mark.parametrize(
    ("targets", "task", "expected"),
    [
        (np.eye(4)[np.arange(20) % 4], "classification", (np.arange(20) % 4).tolist()),
        (np.array(["b", "a"] * 10), "classification", [1, 0] * 10),
        (np.array([b"b", b"a"] * 10), "classification", [1, 0] * 10),
        (np.arange(20) % 2 == 0, "classification", [1, 0] * 10),
        (np.arange(20) * 0.5, "regression", (np.arange(20) * 0.5).tolist()),
    ],
)
def test_what_is_predicted(save, targets, task, expected):
    spec, raw = opened(save(x=DRAW.normal(size=(20, 4)), y=targets))
    assert spec.task == task
    assert raw.train_targets.tolist() == expected


def test_numbers_may_be_made_classes_or_not(save):
    path = save(x=DRAW.normal(size=(20, 4)), y=LABELS, z=LABELS * 2)
    assert opened(path, task="regression")[1].train_targets.dtype == torch.float32
    spec, _raw = opened(path, targets="z")
    assert spec.classes == ("0", "2", "4")


def test_fortran_order_and_other_byte_orders(save):
    values = np.asfortranarray(DRAW.normal(size=(20, 4)).astype(">f8"))
    _spec, raw = opened(save(x=values, y=LABELS))
    assert raw.train_inputs.tolist() == values.astype(np.float32).tolist()


@pytest.mark.parametrize(
    ("values", "largest"),
    [
        (DRAW.random((20, 4, 4)), 1.0),
        (np.floor(DRAW.random((20, 4, 4)) * 200 + 2), 255.0),
        (DRAW.integers(0, 4000, (20, 4, 4)) + 300, None),
    ],
)
def test_the_largest_value_that_a_pixel_can_have(save, values, largest):
    _spec, raw = opened(save(x=values, y=LABELS))
    assert raw.largest == (largest or values.max())


def test_missing_values_of_a_table_are_filled_from_the_training_part(save):
    values = DRAW.normal(size=(20, 2))
    values[3, 0] = np.nan
    path = save(x=values, y=LABELS)
    prepared = loader.prepare(Data(dataset="arrays", options={"path": str(path)}), seed=0)
    assert bool(torch.isfinite(prepared.train_inputs).all() and torch.isfinite(prepared.test_inputs).all())


def _header(shape, dtype="<f4"):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": shape})
    return file.getvalue()


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        ({"x": _header((50_000, 50_000)) + bytes(64)}, "announces 50000×50000"),
        ({"x": _header((4, 4)) + bytes(63)}, "announces 4×4"),
        ({"x": b"\x93NUMPY\x01\x00\x10\x00" + b"__import__('os')"}, "does not begin like an array"),
        ({"x": b"nothing"}, "does not begin like an array"),
        ({}, "holds no numpy arrays"),
    ],
)
def test_arrays_that_cannot_be_what_they_say_are_refused(tmp_path, entries, what):
    path = tmp_path / "own.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(f"{name}.npy", content)
    with pytest.raises(Problem) as told:
        opened(path)
    assert str(path) in told.value.fault.where
    assert what in told.value.fault.what


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"x": np.array([{}, []], dtype=object), "y": np.arange(2)}, "Python objects"),
        ({"x": np.ones((4, 2)), "z": np.arange(4)}, "no array is called like targets"),
        ({"x": np.ones((4, 2)), "y": np.arange(5)}, "5 targets for 4 samples"),
        ({"x": np.full((4, 3, 3), np.nan), "y": np.arange(4) % 2}, "not finite"),
        ({"x": np.full((4, 3), np.inf), "y": np.arange(4) % 2}, "not finite"),
        ({"x": np.ones((4, 2), dtype=complex), "y": np.arange(4)}, "complex128"),
        ({"x": np.ones((4, 2)), "y": np.zeros(4, dtype=int)}, "different values"),
        ({"x": np.ones((4, 2)), "y": np.ones((4, 2)) / 3}, "2 numbers for each sample"),
        ({"x": np.ones((4, 0)), "y": np.zeros(4)}, "holds no samples"),
        ({"x_train": np.ones((4, 2)), "y_train": LABELS[:4], "x_test": np.ones((4, 3)), "y_test": LABELS[:4]}, "those of the training part"),
    ],
)  # fmt: skip
def test_arrays_that_do_not_fit_are_told(save, content, what):
    path = save(**content)
    with pytest.raises(Problem) as told:
        opened(path)
    assert str(path) in told.value.fault.where
    assert what in told.value.fault.what


def test_a_damaged_file_is_told(save):
    path = save(True, x=DRAW.normal(size=(20, 40)), y=LABELS)
    content = bytearray(path.read_bytes())
    content[300:340] = bytes(40)
    path.write_bytes(content)
    with pytest.raises(Problem, match="damaged"):
        opened(path)


def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "own.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x.npy", "w") as file:
        file.write(_header((75_000_000,)))
        for _piece in range(300):
            file.write(bytes(1_000_000))
    with pytest.raises(Problem, match=r"would unpack to 0\.3 GB"):
        opened(path)
