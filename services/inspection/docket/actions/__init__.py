"""What happens to docket entries: they are received, decided, passed on, and receive their result."""
