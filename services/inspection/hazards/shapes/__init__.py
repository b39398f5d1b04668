"""What is sent to and read from hazards."""
