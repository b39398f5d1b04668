"""One mail of what comes together, instead of one for each: four hundred mails to one person tell nothing."""
