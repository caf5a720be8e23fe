"""The room "Lab": one view for each topic of `core.lab`."""
