"""Assessments (考核) of departments and townships: scores with their sources, and the party's own word on them."""
