"""What is looked up on the docket: entries, their hazards, and which of them may be the same matter."""
