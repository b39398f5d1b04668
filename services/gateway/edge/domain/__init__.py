"""What the public API consists of, as tables and calculations over them."""
