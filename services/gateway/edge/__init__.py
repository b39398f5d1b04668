"""The public API: knows who asks and which service owns the answer, forwards, and decides nothing else."""
