"""The law of the ladder: which step follows which miss, in what words, and how a proposal ends. Pure."""
