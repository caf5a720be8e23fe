"""Modules of ours, in plain torch and nothing of this program: an exported script carries their source."""
