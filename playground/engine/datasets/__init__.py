"""How each data set is read. The module has the name of the declaring module in `core/datasets`."""
