"""Scripts that are run alone against the engine: a sample of the campaign, and every data set that comes with the program."""

from itertools import cycle
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from playground.core.code import STYLES, Numerics
from playground.core.data import Data
from playground.core.datasets import DATASETS
from playground.core.layer import Layer
from playground.core.layers._initial import INITIAL
from playground.core.problem import Problem
from playground.core.project import Project
from playground.core.recipe import Recipe
from playground.disk import projects
from playground.engine import code
from playground.engine.code import recipe
from playground.engine.code.formulas import ACTIVATIONS
from playground.engine.datasets.california_housing import COLUMNS
from playground.engine.loader import described
from tests.campaigns import scripts as campaign
from tests.engine import cifar_files, idx_files

NAMES = ["fmt: off", 'a "quoted" name', "# noqa", "import os\\nos", "größe 2", "forward", "lambda"]
OFFLINE = ("lenet-digits", "softmax-iris", "logistic-breast-cancer", "mlp-spirals")
INIT = {"init": "normal", "init_std": 0.2}
BLOCKS = (
    Layer("Conv2d", {"out_channels": 4, "kernel_size": [3, 1], "init": "kaiming_normal"}, name="first"),
    Layer("ReLU", disabled=True),
    Layer("Residual", {}, (Layer("Conv2d", {"out_channels": 6, "padding": 1, "stride": 2}), Layer("BatchNorm2d"))),
    Layer("Parallel", {}, (Layer("Conv2d", {"kernel_size": 1}), Layer("Sequential", {}, (Layer("ReLU"),)))),
    Layer("Dropout", {"p": 0.3}),
    Layer("Flatten"),
    Layer("Linear", {"out_features": 10, **INIT}, name="class"),
)
AUGMENTED = (
    {"normalize": "-1..1"}, {"shift": 1}, {"flip": 0.5}, {"rotate": 20.0}, {"standardize": True}, {"noise": 0.1},
)  # fmt: skip
# each way of drawing first weights, in layers of one matrix and of several; a table with a row that stays zero
SEQUENCES_DRAWN = (
    Layer("Embedding", {"embedding_dim": 8, "padding_idx": 1, "init": "normal", "init_std": 0.5}),
    Layer("TransformerEncoderLayer", {"nhead": 2, "dim_feedforward": 16, "init": "xavier_uniform"}),
    Layer("MultiheadAttention", {"add_bias_kv": True, "init": "xavier_normal"}),
    Layer("LSTM", {"hidden_size": 8, "proj_size": 6, "output": "sequence", "init": "normal", "init_mean": 0.1}),
    Layer("GRU", {"hidden_size": 8, "num_layers": 2, "output": "sequence", "init": "kaiming_uniform"}),
    Layer("RNN", {"hidden_size": 8, "bidirectional": True, "init": "kaiming_normal"}),
    Layer("Linear", {"out_features": 44, "init": "zeros"}),
)
SEQUENCE = (Layer("Embedding", {"embedding_dim": 8}), Layer("PositionalEncoding"), Layer("LSTM"), Layer("Linear"))

RECIPES = (
    Recipe(loss_options={"balance": True, "label_smoothing": 0.1}, optimizer={"GradientDescent": {}}, l1=0.001),
    Recipe("Huber", {"delta": 0.5}, {"Adagrad": {"lr": 0.05}}, clip_norm=0.4, patience=2),
    Recipe("L1", optimizer={"AdamW": {}}, schedule={"Plateau": {"patience": 0}}),
    Recipe(schedule={"OneCycle": {}}, precision="bfloat16"),
    Recipe(optimizer={"Adam": {}}, l1=0.001, clip_norm=0.5, precision="float16"),
    Recipe(optimizer={"GradientDescent": {}}, precision="float16"),
    Recipe(schedule={"WarmUpCosine": {"warm_epochs": 0.5}}, epochs=3),
    Recipe(schedule={"Step": {"step_size": 1}}, optimizer={"GradientDescent": {}}),
)
# numbers for ten classes, on one line and on many; each loss that has some, also where the targets are spread
LISTED = [1, 0.5, 2, 1, 0, 1, 3, 1, 1, 1e-05]
WEIGHED = (
    Recipe(loss_options={"weight": LISTED}),
    Recipe(loss_options={"weight": [1 / (number + 3) for number in range(10)], "label_smoothing": 0.1}),
    Recipe(loss_options={"balance": True, "label_smoothing": 0.2}),
    Recipe(loss_options={"label_smoothing": 0.2}),
    Recipe("NLL", loss_options={"weight": LISTED}),
    Recipe("BCEWithLogits", loss_options={"pos_weight": [number / 7 for number in range(10)]}),
)


def several() -> dict[str, Project]:
    """One project for each thing that a script may have to say."""
    found = {name: projects.load(f"preset:{name}") for name in OFFLINE}
    made = [spec.name for spec in DATASETS.values() if spec.group == "generated" or spec.name in SMALL]
    for name in made:
        spec = described(Data(dataset=name))
        outputs = len(spec.classes) or 1
        network = (Layer("Flatten"), Layer("Linear", {"out_features": outputs}))
        loss = "CrossEntropy" if spec.classes else "MSE"
        prepared = spec.preparation or ({"standardize": True},)
        found[f"set-{name}"] = Project(
            Data(name, preparation=prepared, batch_size=40), network, Recipe(loss=loss, seed=5)
        )
    found["blocks"] = Project(Data(batch_size=24), BLOCKS, Recipe(seed=3))
    found["augmented"] = Project(Data(preparation=AUGMENTED, batch_size=50), campaign.HEAD, Recipe(seed=2))
    found["parts"] = Project(
        Data(subset=900, validation_fraction=0.2, test_fraction=0.3, stratify=False, shuffle=False, batch_size="all"),
        campaign.HEAD, Recipe("BCEWithLogits", {}, {"SGD": {"lr": 0.001, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}}, epochs=30),
    )  # fmt: skip
    found |= {f"recipe-{number}": Project(Data(subset=700, validation_fraction=0.2, batch_size=32), campaign.HEAD, one)
              for number, one in enumerate(RECIPES)}  # fmt: skip
    text = Data("small-text", {"window": 12})
    found["tokens"] = Project(
        text, (*SEQUENCE[:-1], Layer("Linear", {"out_features": 44})), Recipe(optimizer={"Adam": {"lr": 0.01}})
    )
    found["sequences-drawn"] = Project(text, SEQUENCES_DRAWN, Recipe(optimizer={"Adam": {"lr": 0.01}}))
    return found | from_scratch()


def from_scratch() -> dict[str, Project]:
    """Every activation, three in a network, behind weights that are drawn in each way in turn."""
    arguments = {"LeakyReLU": {"negative_slope": 0.2}, "ELU": {"alpha": 0.5}, "GELU": {"approximate": "tanh"}}
    activations = [Layer(name, arguments.get(name, {})) for name in ACTIVATIONS] + [Layer("GELU")]
    ways, data, found = cycle(INITIAL), Data(batch_size=48, preparation=({"normalize": "-1..1"},)), {}
    for number, first in enumerate(range(0, len(activations), 3)):
        network = [Layer("Flatten")]
        for place, activation in enumerate(activations[first : first + 3]):
            sizes = {"out_features": 12, "bias": place != 1}
            network += [Layer("Linear", {**sizes, "init": next(ways), "init_mean": 0.05, "init_std": 0.2}), activation]
        network.append(Layer("Linear"))
        loss = ("CrossEntropy", "BCEWithLogits", "MSE")[number % 3]
        found[f"scratch-{number}"] = Project(data, tuple(network), Recipe(loss, seed=number))
    soft = (*campaign.HEAD, Layer("LogSoftmax"))
    found |= {f"scratch-weighed-{number}": Project(data, soft if one.loss == "NLL" else campaign.HEAD, one)
              for number, one in enumerate(WEIGHED)}  # fmt: skip
    nothing = Layer("Linear", {"out_features": 10, "init": "zeros"})
    found["scratch-nothing"] = Project(Data(), (Layer("Flatten"), nothing), Recipe("BCEWithLogits"))
    return found


SMALL = ("wine", "diabetes", "small-text", "noisy-sines")


def test_scripts_run_alone_see_and_compute_what_the_engine_does(tmp_path):
    cases = [campaign.case_of(name, project, tmp_path) for name, project in several().items()]
    cases += [
        campaign.case_of(f"random-{number}", project, tmp_path)
        for number, project in enumerate(campaign.random_projects(3, 1))
    ]
    carried = {"lenet-digits": Numerics(1, "channels_last"), "softmax-iris": Numerics(2, "channels_last")}
    cases += [
        campaign.case_of(f"carries-{preset}", projects.load(f"preset:{preset}"), tmp_path, numerics=numerics)
        for preset, numerics in carried.items()
    ]
    assert all(set(case.styles) == set(STYLES) for case in cases if case.name.startswith("scratch"))
    campaign.ruff_is_content(tmp_path)
    campaign.run_all(tmp_path)
    for case in cases:
        campaign.agrees(case, tmp_path)


def linear_on(data: Data, folder: Path) -> Project:
    spec = described(data, folder)
    loss = "CrossEntropy" if spec.classes else "MSE"
    return Project(data, (Layer("Flatten"), Layer("Linear", {"out_features": len(spec.classes) or 1})), Recipe(loss))


def own_files(folder: Path) -> dict[str, Data]:
    """One of each kind of the user's own files."""
    drawn = np.random.default_rng(3)
    table = folder / "own.csv"
    rows = [
        f"{n / 7:.3f};{'NA' if n % 9 == 0 else n % 5};{'red' if n % 3 else 'green'};{'ab'[n % 2]}" for n in range(60)
    ]
    table.write_text("size;count;colour;kind\n\n" + "\n".join(row.replace(".", ",") for row in rows) + "\n1;2;red;?\n")
    np.savez(
        folder / "own.npz",
        x=drawn.normal(size=(50, 3)),
        y=np.repeat([2, 5], 25),
        x_test=drawn.normal(size=(9, 3)),
        y_test=[2] * 9,
    )
    pictures = folder / "pictures"
    for name, grey in (("cat", 90), ("dog", 160)):
        (pictures / name).mkdir(parents=True)
        for number in range(8):
            pixels = (grey + drawn.integers(0, 60, (40, 48 - number, 3))).astype(np.uint8)
            Image.fromarray(pixels).save(pictures / name / f"{number}.png")
    text = folder / "own.txt"
    text.write_text("the cat sat on the mat, and the dog sat on the cat. " * 9)
    idx_files.write(folder / "idx", idx_files.arrays())
    return {
        "table": Data("table", {"path": str(table), "target": "kind"}),
        "arrays": Data("arrays", {"path": str(folder / "own.npz")}, batch_size=20),
        "pictures": Data("pictures", {"path": str(pictures), "size": 16, "fit": "crop"}, batch_size=4),
        "stretched": Data("pictures", {"path": str(pictures), "size": 16, "fit": "stretch"}, batch_size=4),
        "text": Data("text", {"path": str(text), "window": 6}, ({"one_hot": True},)),
        "binary": Data("binary", {"path": str(folder / "idx")}, ({"normalize": "0..1"},)),
    }


def gallery_files(folder: Path) -> dict[str, Data]:
    """Small sets in the formats of their authors."""
    drawn = np.random.default_rng(4)
    idx_files.write(folder / "FashionMNIST" / "raw", idx_files.arrays(), compressed=True)
    idx_files.write(folder / "MNIST" / "raw", idx_files.arrays(seed=1))
    batches = [cifar_files.samples(12, number) for number in range(3)]
    names = ("data_batch_1", "data_batch_2", "test_batch")
    binary = {f"{name}.bin": cifar_files.binary(*one) for name, one in zip(names, batches, strict=True)}
    cifar_files.write(folder / "cifar-10-batches-bin", binary)
    fine = [cifar_files.samples(12, number, classes=100) for number in range(2)]
    pickles = [cifar_files.of_python_2(shown, fine_labels=labels) for shown, labels in fine]
    cifar_files.write(folder / "cifar-100-python", dict(zip(("train", "test"), pickles, strict=True)))
    for name, count in (("train", 60), ("test", 20)):
        labels = drawn.integers(1, 11, (count, 1)).astype(np.uint8)
        pixels = drawn.integers(0, 256, (32, 32, 3, count)).astype(np.uint8)
        (folder / "svhn").mkdir(exist_ok=True)
        savemat(folder / "svhn" / f"{name}_32x32.mat", {"X": pixels, "y": labels})
    values = "".join(",".join(f"{value:.4f}" for value in row) + "\n" for row in drawn.uniform(1, 9, (40, 9)))
    (folder / "california_housing.csv").write_text(",".join(COLUMNS) + "\n" + values)
    step = ({"normalize": "-1..1"},)
    return {
        "fashion-mnist": Data("fashion-mnist", preparation=step),
        "mnist": Data("mnist", preparation=({"resize": 20}, {"crop": 16}, *step)),
        "cifar10": Data("cifar10", preparation=({"grayscale": True}, *step), batch_size=8),
        "cifar100": Data("cifar100", preparation=step),
        "svhn": Data("svhn", preparation=step),
        "california-housing": Data("california-housing", preparation=({"standardize": True},)),
    }


@pytest.mark.parametrize("files", [own_files, gallery_files])
def test_files_are_read_as_the_program_reads_them(tmp_path, files):
    data, folder = tmp_path / "data", tmp_path / "scripts"
    data.mkdir()
    folder.mkdir()
    cases = [campaign.case_of(name, linear_on(one, data), folder, data) for name, one in files(data).items()]
    campaign.ruff_is_content(folder)
    campaign.run_all(folder)
    for case in cases:
        campaign.agrees(case, folder, data)


@pytest.mark.parametrize("style", STYLES)
def test_many_weights_stand_beside_the_names_of_their_classes(style):
    names = ["fmt: skip", "two\nraise SystemExit", *map(str, range(2, 10))]
    digits = msgspec.structs.replace(DATASETS["digits"], classes=tuple(names))
    lines = [line.text for line in recipe.class_weights(WEIGHED[1], digits)]
    assert lines[2:4] == ["        0.3333333333333333,", "        0.25,  # two raise SystemExit"]
    text = code.write(Project(Data(), campaign.HEAD, WEIGHED[1]), style).text
    assert "        0.08333333333333333,  # 9\n" in text
    assert "class_weights = torch.tensor([1.0, 0.5, 2.0, 1.0, 0.0, 1.0, 3.0, 1.0, 1.0, 1e-05])\n" in code.write(
        Project(Data(), campaign.HEAD, WEIGHED[0]), style
    ).text  # fmt: skip


@pytest.mark.parametrize("options", [{"weight": [1, 2]}, {"weight": [1] * 10, "balance": True}, {"weight": "all"}])
def test_weights_of_other_classes_have_no_script(options):
    with pytest.raises(Problem, match="Recipe, loss"):
        code.write(Project(Data(), campaign.HEAD, Recipe(loss_options=options)), "class")


@pytest.mark.parametrize("style", STYLES)
def test_lines_know_their_layers(style):
    project = projects.load("preset:softmax-iris")
    script = code.write(project, style)
    lines = script.text.split("\n")
    found = [line for span in script.spans if span.path == (0,) for line in lines[span.first - 1 : span.last]]
    assert any("4, 3" in line for line in found)
    assert all(span.first <= span.last <= len(lines) for span in script.spans)


def test_a_block_has_the_lines_of_its_layers():
    script = code.write(Project(Data(), BLOCKS, Recipe()), "class")
    spans = {span.path: span for span in script.spans if span.first != span.last or len(span.path) > 1}
    assert spans[(2,)].first <= spans[(2, 0)].first <= spans[(2, 0)].last <= spans[(2,)].last
    assert "self.first = kaiming_normal(" in script.text
    assert "# ReLU is switched off" in script.text


@pytest.mark.parametrize(
    ("project", "words"),
    [
        (Project(Data(), (Layer("Conv2d"),)), "row 1 is Conv2d"),
        (Project(Data(), campaign.HEAD, Recipe(optimizer={"Adam": {}})), "SGD is written out"),
        (Project(Data(), (Layer("Linear"),)), "put Flatten above"),
        (Project(Data(), campaign.HEAD, Recipe(patience=3)), "the plain recipe"),
    ],
)
def test_what_cannot_be_written_from_scratch_says_why(project, words):
    assert words in code.write(project, "class").refused["scratch"]
    with pytest.raises(Problem, match=words):
        code.write(project, "scratch")


@pytest.mark.parametrize("network", [(), (Layer("Conv2d", {"kernel_size": 99}),)])
def test_a_network_that_does_not_fit_has_no_script(network):
    with pytest.raises(Problem):
        code.write(Project(Data(), network), "class")


@pytest.mark.parametrize("name", ["x\nraise SystemExit", "x\rraise SystemExit", "x\u2028raise SystemExit"])
@pytest.mark.parametrize("style", STYLES)
def test_a_strangers_words_are_never_code(style, name, tmp_path):
    """A newline in the kind of a layer that is off, in a layer's name or in a file's title ends no comment."""
    text = tmp_path / "own\nraise SystemExit.txt"
    text.write_text("the cat sat on the mat. " * 20)
    head = (Layer("Flatten"), Layer("Linear", {"out_features": 10}, name=name))
    off = Layer(name, disabled=True)
    data = Data("text", {"path": str(text), "window": 4}, ({"one_hot": True},))
    for project in (
        Project(Data(), (off, *head)),
        Project(data, (off, *head[:1], Layer("Linear", {"out_features": 11}))),
    ):
        lines = code.write(project, style).text.split("\n")
        assert not [line for line in lines if line.strip().startswith("raise SystemExit")]
        compile("\n".join(lines), "script", "exec")


@pytest.mark.parametrize(
    "recipe", [Recipe(loss="Nothing"), Recipe(optimizer={"Nothing": {}}), Recipe(schedule={"Nothing": {}})]
)
def test_an_unknown_recipe_is_one_sentence(recipe):
    with pytest.raises(Problem, match="Nothing"):
        code.write(Project(Data(), campaign.HEAD, recipe), "class")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("style", STYLES)
def test_a_name_never_breaks_a_script(name, style, tmp_path):
    """Nor is it more than a comment or an attribute: opening and running a stranger's project runs none of its words."""
    project = Project(Data(), (Layer("Flatten"), Layer("Linear", {"out_features": 10}, name=name)))
    text = code.write(project, style).text
    compile(text, "script", "exec")
    (tmp_path / "script.py").write_text(text, encoding="utf-8")
    campaign.ruff_is_content(tmp_path)
