"""What is asked about certificates, training and staffing."""
