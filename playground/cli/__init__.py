"""The command line, one file a command. It shares engine and core with the window, so a headless run is the same run."""
