"""The room of the people who work in a browser: the console's files."""
