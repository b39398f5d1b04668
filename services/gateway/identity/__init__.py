"""Who is asking: accounts of people, clients of organisations, the keys that sign for both."""
