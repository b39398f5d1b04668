"""Who may see which letter, to whom one may be written, and how it is shown."""
