"""What is done with files: handed in, checked, confirmed, written."""
