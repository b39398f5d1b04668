"""Who may see which visit, what rules must know of one, and how a sheet is filled in."""
