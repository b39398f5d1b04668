"""What people can do with a hazard, one module per stage of its life."""
