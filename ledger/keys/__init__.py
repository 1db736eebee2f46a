"""Data keys and holds in the ledger."""
