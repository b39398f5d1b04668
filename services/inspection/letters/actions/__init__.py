"""What is done with letters: sent, one or many at once; answered; judged."""
