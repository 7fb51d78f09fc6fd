"""Notices (通知): what a user must know: an inbox, a bell, e-mail, chat robots, and reminders that climb a ladder.

An app above declares a ReminderRule (ladders.py): which matters are open, when each is due, who hears of it on which
rung. A periodic job sends each rung of each matter once, whatever the number of workers and whatever days were missed.
Texts are stored as message ids with their values, so that each reader reads them in their own language.
Verbs: run the rules, send notices, mark read, choose mail, queue digests, deliver mail, try failed mail again,
register, try and end a hook, deliver pushes, try failed pushes again.
"""
