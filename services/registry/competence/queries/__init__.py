"""What is asked about competence: the rules and criteria, whom a matter would lead to, and where it leads to nobody."""
