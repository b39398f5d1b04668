"""What is looked up about hazards: who may see them, what a rule must know, how they are shown."""
