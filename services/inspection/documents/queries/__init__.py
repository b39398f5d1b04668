"""What is asked of documents: who may read one, what it is to say, whether it is genuine."""
