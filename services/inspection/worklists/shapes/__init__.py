"""What is asked of lists and told by them: filters, counts, saved views, answers for many at once."""
