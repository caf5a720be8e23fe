"""Tables that come with scikit-learn: wines, breast tumours, diabetes."""

from playground.core.spec import DatasetSpec
from playground.core.text import _

WINE = DatasetSpec(
    name="wine",
    title=_("Wine"),
    summary=_("178 wines of three growers, thirteen chemical measurements of each; comes with the program."),
    task="classification",
    kind="table",
    group="tables",
    sample_shape=(13,),
    classes=("class_0", "class_1", "class_2"),
    train=178,
    licence="CC BY 4.0",
    source="https://archive.ics.uci.edu/dataset/109/wine",
    features=(
        "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids",
        "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline",
    ),
    preparation=({"standardize": True},),
)  # fmt: skip

_OF_A_NUCLEUS = (
    "radius", "texture", "perimeter", "area", "smoothness",
    "compactness", "concavity", "concave points", "symmetry", "fractal dimension",
)  # fmt: skip

BREAST_CANCER = DatasetSpec(
    name="breast-cancer",
    title=_("Breast cancer"),
    summary=_("569 breast tumours, thirty measurements of the cell nuclei of each; comes with the program."),
    task="classification",
    kind="table",
    group="tables",
    sample_shape=(30,),
    classes=(_("malignant"), _("benign")),
    train=569,
    licence="CC BY 4.0",
    source="https://archive.ics.uci.edu/dataset/17/breast+cancer+wisconsin+diagnostic",
    features=tuple(
        pattern.format(one) for pattern in ("mean {}", "{} error", "worst {}") for one in _OF_A_NUCLEUS
    ),
    preparation=({"standardize": True},),
)  # fmt: skip

DIABETES = DatasetSpec(
    name="diabetes",
    title=_("Diabetes"),
    summary=_("442 patients, ten measurements of each, and how far their diabetes had come a year later."),
    task="regression",
    kind="table",
    group="tables",
    sample_shape=(10,),
    train=442,
    licence=_("none stated (Efron, Hastie, Johnstone, Tibshirani 2004)"),
    source="https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
    features=(
        _("age (years)"), _("sex (1 or 2)"), _("body mass index (kg/m²)"), _("mean blood pressure (mmHg)"),
        _("s1 total cholesterol (mg/dl)"), _("s2 LDL (mg/dl)"), _("s3 HDL (mg/dl)"), _("s4 total cholesterol / HDL"),
        _("s5 logarithm of triglycerides"), _("s6 blood sugar (mg/dl)"),
    ),
    target=_("progression after one year (25 to 346)"),
    preparation=({"standardize": True},),
)  # fmt: skip
