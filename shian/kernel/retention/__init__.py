"""Retention (归档与留存): how long a kind of record keeps its files, legal holds, disposal by two persons.

Basis: 归档范围和保管期限 (row N-09). Rules are dated pack data; kinds are tables; which records keep a file is read
from the tables' foreign keys. Verbs: place and lift a hold; propose, approve and reject a disposal.
"""
