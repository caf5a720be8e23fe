"""What a script from scratch defines above its network: first weights and activations, each by its formula.

They give the derivatives of PyTorch's own functions, too, at the kink and where a power would overflow. Formulas are those
of the pages of torch.nn and torch.nn.init.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from playground.engine.literal import literal

Given = Mapping[str, Any]  # arguments of a layer in effect

DEFAULT_WEIGHTS = '''
def weights_of(inputs, outputs):
    """Weights as torch.nn.Linear begins with them: even from -bound to bound."""
    bound = inputs**-0.5
    return torch.empty(outputs, inputs).uniform_(-bound, bound), bound
'''
# way of `modules.initial.WAYS` -> it writes over weights of (outputs, inputs) that are there, as torch.nn.init does over
# those of a torch.nn.Linear: so the same seed gives the same numbers
FIRST_WEIGHTS: Mapping[str, str] = {
    "xavier_uniform": '''
def xavier_uniform(weights):
    """Draws them anew, even from -bound to bound: Xavier's way."""
    outputs, inputs = weights.shape
    bound = (6 / (inputs + outputs)) ** 0.5
    weights.uniform_(-bound, bound)
''',
    "xavier_normal": '''
def xavier_normal(weights):
    """Draws them anew, normal around 0: Xavier's way."""
    outputs, inputs = weights.shape
    std = (2 / (inputs + outputs)) ** 0.5
    weights.normal_(0, std)
''',
    "kaiming_uniform": '''
def kaiming_uniform(weights):
    """Draws them anew, even from -bound to bound: Kaiming's way."""
    inputs = weights.shape[1]
    gain = 2**0.5  # of ReLU, which lets half of the squares through
    bound = gain * (3 / inputs) ** 0.5
    weights.uniform_(-bound, bound)
''',
    "kaiming_normal": '''
def kaiming_normal(weights):
    """Draws them anew, normal around 0: Kaiming's way."""
    inputs = weights.shape[1]
    gain = 2**0.5  # of ReLU, which lets half of the squares through
    std = gain / inputs**0.5
    weights.normal_(0, std)
''',
}

# layer -> the call of its formula on `x`, from its arguments
ACTIVATIONS: Mapping[str, Callable[[Given], str]] = {
    "ReLU": lambda given: "relu(x)",
    "LeakyReLU": lambda given: f"x.where(x > 0, {literal(given['negative_slope'])} * x)",
    "ELU": lambda given: f"elu(x, alpha={literal(given['alpha'])})",
    "GELU": lambda given: "gelu_by_tanh(x)" if given.get("approximate") == "tanh" else "gelu(x)",
    "SiLU": lambda given: "x * sigmoid(x)",
    "Hardswish": lambda given: "hardswish(x)",
    "Sigmoid": lambda given: "sigmoid(x)",
    "Tanh": lambda given: "tanh(x)",
    "Softmax": lambda given: "softmax(x)",
    "LogSoftmax": lambda given: "log_softmax(x)",
}
# in the order in which they are written: a function may call those above it
FUNCTIONS: Mapping[str, str] = {
    "relu": '''
def relu(x):
    """max(0, x); at 0 its derivative is 0."""
    return x * (x > 0)
''',
    "elu": '''
def elu(x, alpha):
    """x where that is above 0, alpha * (exp(x) - 1) elsewhere; no power overflows."""
    return x.where(x > 0, alpha * x.clamp(max=80).expm1())
''',
    "sigmoid": '''
def sigmoid(x):
    """1 / (1 + exp(-x)); a power of more than 80 would overflow, and adds nothing."""
    return 1 / (1 + (-x).clamp(max=80).exp())
''',
    "tanh": '''
def tanh(x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), written with one power that is not too large."""
    return 1 - 2 / ((2 * x).clamp(max=80).exp() + 1)
''',
    "gelu": '''
def gelu(x):
    """x * P(x), where P(x) is how likely a normal number lies below x."""
    return x * (1 + (x / 2**0.5).erf()) / 2
''',
    "gelu_by_tanh": '''
def gelu_by_tanh(x):
    """x * P(x), where P(x) is about how likely a normal number lies below x."""
    return 0.5 * x * (1 + tanh((2 / math.pi) ** 0.5 * (x + 0.044715 * x**3)))
''',
    "hardswish": '''
def hardswish(x):
    """0 below -3, x above 3, and x * (x + 3) / 6 between."""
    return x * (x + 3).clamp(0, 6) / 6
''',
    "softmax": '''
def softmax(x):
    """Probabilities out of logits; the largest is taken off first, so that none overflows."""
    powers = (x - x.max(1, keepdim=True).values).exp()
    return powers / powers.sum(1, keepdim=True)
''',
    "log_softmax": '''
def log_softmax(x):
    """Logarithms of the probabilities out of logits."""
    x = x - x.max(1, keepdim=True).values
    return x - x.exp().sum(1, keepdim=True).log()
''',
}


def called_by(texts: Sequence[str]) -> list[str]:
    """The functions that these texts call, each below those that it calls itself."""
    found, waiting = set[str](), list(texts)
    while waiting:
        text = waiting.pop()
        fresh = {name for name in FUNCTIONS if re.search(rf"\b{name}\(", text)} - found
        found |= fresh
        waiting += [FUNCTIONS[name] for name in fresh]
    return [text for name, text in FUNCTIONS.items() if name in found]
