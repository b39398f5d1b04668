"""Who may see which campaign, what rules must know of it, how it is counted and shown."""
