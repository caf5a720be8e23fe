"""Values and declarations: the standard library and msgspec, nothing else."""
