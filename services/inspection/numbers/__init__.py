"""Numbers of documents: gap-free per sender, kind and year (domain reference §4.7)."""
