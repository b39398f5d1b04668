"""What is done with joint actions: by the committee, and by each authority in its own part."""
