"""Words of autograd."""

from playground.core.lab.words._word import Word
from playground.core.text import _

WORDS = [
    Word("Tensor.requires_grad_", "(requires_grad)", _("asks autograd to note from now on what is done with it"),
         "nothing", "c.requires_grad_()"),
    Word("Tensor.backward", "(gradient, retain_graph)", _("goes back through the graph and adds to every leaf's .grad"),
         "backward", "(p ** 2).sum().backward(); p.grad"),
    Word("Tensor.detach", "()", _("is the same memory, out of the graph"), "nothing", "p.detach()"),
    Word("Tensor.detach_", "()", _("takes the tensor itself out of the graph"), "nothing", "(p * 2).detach_()"),
    Word("Tensor.retain_grad", "()", _("asks backward() to keep .grad of what is no leaf"), "nothing",
         "q = p * 2; q.retain_grad(); q.sum().backward(); q.grad"),
    Word("torch.autograd.grad", "(outputs, inputs, grad_outputs, retain_graph, create_graph)",
         _("is the slopes of outputs by inputs, and leaves .grad alone"), "backward",
         "torch.autograd.grad((p ** 3).sum(), p)"),
    Word("torch.no_grad", "()", _("with torch.no_grad(): …  what follows is not noted in the graph"), "nothing",
         "with torch.no_grad(): q = p * 2"),
    Word("torch.enable_grad", "()", _("with torch.enable_grad(): …  what follows is noted in the graph"), "nothing",
         "with torch.enable_grad(): q = p * 2"),
    *(Word(f"Tensor.{name}", "", help, "nothing", f"p.{name}")
      for name, help in (
          ("grad", _("is the slopes that backward() has added up, None before")),
          ("requires_grad", _("is whether autograd notes what is done with it")),
          ("is_leaf", _("is whether it is where the graph begins")),
          ("grad_fn", _("is the node of the graph that made it, None for a leaf")))),
]  # fmt: skip
