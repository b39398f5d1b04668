"""What people do to lists: save how they look at them, and decide about many of their rows at once."""
