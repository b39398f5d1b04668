"""One message a day of what is near, instead of a mail for each: reminders that everybody mutes remind nobody."""
