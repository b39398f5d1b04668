"""The law of meetings and of their tasks, each a table."""
