"""The ledger as evidence: chains, seals, and what is found when they are checked."""
