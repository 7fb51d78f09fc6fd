"""The program interface: tokens, errors, paging, idempotency, and the registry that apps hang their endpoints on.

Used by programs of other units. Legal basis: 《网络数据安全管理条例》 (least privilege, a log of every write).
An app's endpoints stand in its own api.py; those of kernel apps, which lie below this one, stand in `endpoints/`.
"""
