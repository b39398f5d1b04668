"""What the operator records: certificates, training, and how many officers a party is to have."""
