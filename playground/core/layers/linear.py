"""Linear layers. Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html"""

from math import prod

from playground.core.layers._initial import WEIGHTS
from playground.core.spec import AUTO, Argument, LayerSpec
from playground.core.text import _

LINEAR = LayerSpec(
    name="Linear",
    family="Linear",
    title=_("Linear"),
    summary=_("Every output is a weighted sum of every input, plus a bias."),
    torch_name="torch.nn.Linear",
    icon="linear",
    brief="{in_features}→{out_features}",
    arguments=(
        Argument(
            name="in_features",
            kind="int",
            default=AUTO,
            low=1,
            from_input=-1,
            help=_("is the number of values that come in"),
        ),
        Argument(
            name="out_features",
            kind="int",
            default=10,
            low=1,
            high=1_000_000,
            help=_("is the number of values that go out"),
        ),
        Argument(name="bias", kind="bool", default=True, help=_("adds one learnt number to each output")),
        *WEIGHTS,
    ),
    sentences={
        name: lambda arguments, input_shape, output_shape: _("Weights = {i} · {o} = {n:,}.").format(
            i=arguments["in_features"],
            o=arguments["out_features"],
            n=arguments["in_features"] * arguments["out_features"],
        )
        for name in ("in_features", "out_features")
    },
    products=lambda arguments, input_shape, output_shape: prod(output_shape) * int(arguments["in_features"]),
    example_input=(9,),
)
