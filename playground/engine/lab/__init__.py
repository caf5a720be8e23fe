"""The lab: a small language of tensors, and what can be seen of what it makes."""
