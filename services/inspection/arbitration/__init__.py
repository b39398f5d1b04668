"""What bodies cannot settle among themselves: one list for the committee, which decides by the verbs of each thing."""
