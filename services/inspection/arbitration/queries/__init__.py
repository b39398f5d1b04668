"""What is in the committee's queue, and how each thing in it is told."""
