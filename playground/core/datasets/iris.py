"""Fisher's irises, with scikit-learn."""

from playground.core.spec import DatasetSpec
from playground.core.text import _

IRIS = DatasetSpec(
    name="iris",
    title=_("Iris"),
    summary=_("150 irises of three species, four lengths of each; comes with the program."),
    task="classification",
    kind="table",
    group="tables",
    sample_shape=(4,),
    classes=("setosa", "versicolor", "virginica"),
    train=150,
    licence="CC BY 4.0",
    source="https://archive.ics.uci.edu/dataset/53/iris",
    features=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
    preparation=({"standardize": True},),
)
