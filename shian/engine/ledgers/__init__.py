"""Ledgers (台账): registers that are only rows, declared in packs as Table Schemas, with no code of their own."""
