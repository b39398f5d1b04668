"""Who may see which joint action, what came of it, and how it is shown."""
