"""House values in California, 1990."""

from playground.core.spec import DatasetSpec
from playground.core.text import _

CALIFORNIA_HOUSING = DatasetSpec(
    name="california-housing",
    title=_("California housing"),
    summary=_("20,640 districts of California in the census of 1990: eight figures, and the median value of a house."),
    task="regression",
    kind="table",
    group="tables",
    sample_shape=(8,),
    train=20_640,
    bytes=441_963,
    licence=_("none stated (StatLib; Pace and Barry 1997)"),
    source="https://scikit-learn.org/stable/datasets/real_world.html#california-housing-dataset",
    features=(
        _("MedInc, income (10,000 $)"), _("HouseAge (years)"), _("AveRooms, rooms per household"),
        _("AveBedrms, bedrooms per household"), _("Population"), _("AveOccup, people per household"),
        _("Latitude (°)"), _("Longitude (°)"),
    ),
    target=_("MedHouseVal, median house value (100,000 $)"),
    preparation=({"standardize": True},),
)  # fmt: skip
