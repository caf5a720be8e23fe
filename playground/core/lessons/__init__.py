"""Lessons: short pages beside a live page of the lab or a live project, each with steps that the program can check."""
