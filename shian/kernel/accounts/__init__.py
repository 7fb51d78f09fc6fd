"""Accounts: users, roles and credentials. Login is allauth's; passwords are argon2; nobody signs up by themselves.

An imported person gets an account without a usable password and a one-time activation code.
"""
