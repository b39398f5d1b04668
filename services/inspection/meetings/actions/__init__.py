"""What is done with meetings and with the tasks that come of them."""
