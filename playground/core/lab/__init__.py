"""The lab: pages on which tensors, slopes, graphs and convolutions can be touched."""
