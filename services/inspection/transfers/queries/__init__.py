"""Who may see which transfer, what is copied into it, and how it is shown."""
