"""The proof that every promise of every charter that ships is kept."""
