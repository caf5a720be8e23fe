"""New tensors by a form: the words that make them, what each takes, and the line of PyTorch that is written for it."""
