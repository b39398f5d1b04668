"""Who may see which meeting and which task, and how each is shown."""
