"""What waits for whom: lists of the docket and of hazards, their counts, saved views, what is done to many at once."""
