"""What is sent to campaigns and read from them."""
