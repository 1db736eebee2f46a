"""Keys and what they seal, for those who have neither key ring nor ledger and prove who they are."""
