"""What is done with documents: made with an act or on request, printed once, served, declared void."""
