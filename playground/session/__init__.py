"""The document, the engine's processes and the run, in Qt without widgets."""
