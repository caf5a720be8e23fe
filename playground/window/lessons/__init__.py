"""The lessons: a column beside the page that one is about."""
