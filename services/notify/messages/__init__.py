"""Messages to people: the in-app inbox and e-mail.

People who reported are not told from here: the volunteer service shows them their progress, and by design no mail
ever goes to a whistle-blower. An enterprise is never told that somebody reported it.
"""
