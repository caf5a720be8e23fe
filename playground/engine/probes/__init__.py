"""What can be watched, one probe a module."""
