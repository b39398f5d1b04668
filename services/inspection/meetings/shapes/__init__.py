"""What is sent to and read from meetings and tasks; enterprises have shapes of their own."""
