"""What the docket takes in and gives out."""
