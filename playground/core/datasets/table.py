"""The user's own table: a CSV file."""

from playground.core.spec import Argument, DatasetSpec
from playground.core.text import _

TABLE = DatasetSpec(
    name="table",
    title=_("Table (CSV)"),
    summary=_("A CSV file of your own: one sample a line, one column to predict."),
    task="classification",
    kind="table",
    group="own",
    sample_shape=(),
    train=0,
    own=True,
    licence=_("yours"),
    arguments=(
        Argument(name="path", kind="path", default="", help=_("is the file")),
        Argument(
            name="target", kind="text", default="", help=_("is the column to predict; empty chooses one by its name")
        ),
        Argument(
            name="task",
            kind="choice",
            default="auto",
            choices=("auto", "classification", "regression"),
            help=_("is whether the target is one of a few classes or a number"),
        ),
        Argument(
            name="leave_out", kind="text", default="", help=_("names columns not to learn from, with commas between")
        ),
        Argument(
            name="delimiter",
            kind="choice",
            default="auto",
            choices=("auto", "comma", "semicolon", "tab", "bar", "space"),
            help=_("stands between two cells"),
        ),
        Argument(
            name="header",
            kind="choice",
            default="auto",
            choices=("auto", "yes", "no"),
            help=_("is whether the first line names the columns"),
        ),
        Argument(
            name="decimal",
            kind="choice",
            default="auto",
            choices=("auto", "point", "comma"),
            help=_("stands in a number before its fraction"),
        ),
    ),
    preparation=({"standardize": True},),
)
