"""What is done with transfers: sent, acknowledged, refused, sent again, answered, withdrawn, arbitrated."""
