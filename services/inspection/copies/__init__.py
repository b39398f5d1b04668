"""Read copies of what the registry says: who, where, who is competent; inspection never asks at run time."""
