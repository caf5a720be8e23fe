"""Words of torch.nn.functional."""

from playground.core.lab.words._word import Word
from playground.core.text import _

_REDUCTION = {"reduction": ("mean", "sum", "none")}
_IMAGE = "torch.arange(25.).view(1, 1, 5, 5)"
_KERNEL = "torch.ones(1, 1, 3, 3)"

WORDS = [
    Word("F.relu", "(input)", _("makes what is below 0 to 0"), "broadcast", "F.relu(5 - a)"),
    Word("F.leaky_relu", "(input, negative_slope)", _("makes what is below 0 small"), "broadcast", "F.leaky_relu(5 - a)"),
    Word("F.elu", "(input, alpha)", _("bends what is below 0 towards −1"), "broadcast", "F.elu(5 - a)"),
    Word("F.gelu", "(input, *, approximate)", _("is a rectifier with a round corner"), "broadcast", "F.gelu(5 - a)",
         {"approximate": ("none", "tanh")}),
    Word("F.silu", "(input)", _("is each number times its sigmoid"), "broadcast", "F.silu(5 - a)"),
    Word("F.softplus", "(input, beta)", _("is a smooth rectifier"), "broadcast", "F.softplus(5 - a)"),
    Word("F.hardtanh", "(input, min_val, max_val)", _("cuts off below −1 and above 1"), "broadcast", "F.hardtanh(5 - a)"),
    Word("F.relu6", "(input)", _("cuts off below 0 and above 6"), "broadcast", "F.relu6(5 - a)"),
    Word("F.sigmoid", "(input)", _("squeezes each number between 0 and 1"), "broadcast", "F.sigmoid(a)"),
    Word("F.tanh", "(input)", _("squeezes each number between −1 and 1"), "broadcast", "F.tanh(a)"),
    Word("F.logsigmoid", "(input)", _("is the logarithm of the sigmoid"), "broadcast", "F.logsigmoid(a)"),
    Word("F.softmax", "(input, dim)", _("makes shares that add up to 1 of scores"), "broadcast", "F.softmax(a, dim=1)"),
    Word("F.log_softmax", "(input, dim)", _("is the logarithm of the softmax"), "broadcast", "F.log_softmax(a, dim=1)"),
    Word("F.cross_entropy", "(input, target, *, reduction, label_smoothing)",
         _("is how surprised the shares of the scores are by the right class"), "elements", "F.cross_entropy(a, i)",
         _REDUCTION),
    Word("F.nll_loss", "(input, target, *, reduction)", _("is minus the logarithm that the right class has"), "elements",
         "F.nll_loss(F.log_softmax(a, 1), i)", _REDUCTION),
    *(
        Word(f"F.{name}", "(input, target, *, reduction)", help, "paired", f"F.{name}(a, a + 0.5)", _REDUCTION)
        for name, help in (
            ("mse_loss", _("is the mean of the squared differences")),
            ("l1_loss", _("is the mean of the differences without their sign")),
            ("smooth_l1_loss", _("is squared for small differences, and straight for large ones")),
            ("huber_loss", _("is squared for small differences, and straight for large ones")),
        )
    ),
    Word("F.binary_cross_entropy", "(input, target, *, reduction)", _("is the surprise of a share of yes"), "paired",
         "F.binary_cross_entropy(torch.sigmoid(a), (a > 5).float())", _REDUCTION),
    Word("F.binary_cross_entropy_with_logits", "(input, target, *, reduction)", _("is the surprise of a score of yes"),
         "paired", "F.binary_cross_entropy_with_logits(a, (a > 5).float())", _REDUCTION),
    Word("F.linear", "(input, weight, bias)", _("is a Linear layer: input · weightᵀ + bias"), "products",
         "F.linear(a, a, c)"),
    Word("F.embedding", "(input, weight)", _("looks rows up in a table"), "elements", "F.embedding(i, a)"),
    Word("F.one_hot", "(tensor, num_classes)", _("is a row with a single 1 for each number"), "classes",
         "F.one_hot(i, num_classes=4)"),
    Word("F.normalize", "(input, p, dim)", _("makes the length along an axis 1"), "broadcast", "F.normalize(a + 1)"),
    Word("F.layer_norm", "(input, normalized_shape, weight, bias)", _("makes mean 0 and spread 1 of each sample"),
         "elements", "F.layer_norm(a, (4,))"),
    Word("F.dropout", "(input, p, training)", _("makes a share of the numbers 0, by chance"), "broadcast",
         "F.dropout(a, 0.5)"),
    Word("F.pad", "(input, pad, mode, value)", _("puts numbers around"), "elements", "F.pad(a, (1, 1))",
         {"mode": ("constant", "reflect", "replicate", "circular")}),
    Word("F.conv1d", "(input, weight, bias, stride, padding, dilation, groups)",
         _("slides a window over a row and adds up products"), "windows",
         "F.conv1d(torch.arange(6.).view(1, 1, 6), torch.ones(1, 1, 3))", {"padding": ("same", "valid")}),
    Word("F.conv2d", "(input, weight, bias, stride, padding, dilation, groups)",
         _("slides a window over a picture and adds up products"), "windows", f"F.conv2d({_IMAGE}, {_KERNEL}, padding=1)",
         {"padding": ("same", "valid")}),
    Word("F.conv_transpose2d", "(input, weight, bias, stride, padding, output_padding, groups, dilation)",
         _("spreads each number by a window: the way back of a convolution"), "windows",
         f"F.conv_transpose2d({_IMAGE}, {_KERNEL}, stride=2)"),
    Word("F.max_pool2d", "(input, kernel_size, stride, padding, dilation)", _("keeps the largest of each window"),
         "windows", f"F.max_pool2d({_IMAGE}, 2)"),
    Word("F.avg_pool2d", "(input, kernel_size, stride, padding)", _("keeps the mean of each window"), "windows",
         f"F.avg_pool2d({_IMAGE}, 2)"),
    Word("F.adaptive_avg_pool2d", "(input, output_size)", _("keeps the means of as many windows as asked for"), "windows",
         f"F.adaptive_avg_pool2d({_IMAGE}, 2)"),
    Word("F.unfold", "(input, kernel_size, dilation, padding, stride)", _("lays every window out as a column"), "windows",
         f"F.unfold({_IMAGE}, 3)"),
]  # fmt: skip
