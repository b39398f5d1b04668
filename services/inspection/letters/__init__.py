"""Letters of the committee and of authorities: what was demanded of whom, what they answered, and whether it did."""
