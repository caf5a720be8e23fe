"""The only room that imports torch. It runs in processes of its own, never in the window's."""
