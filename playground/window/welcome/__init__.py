"""The page that the program begins with: examples, recent projects, a new one."""
