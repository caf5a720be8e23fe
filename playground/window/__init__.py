"""Qt widgets: they show the session's state and pass wishes on."""
