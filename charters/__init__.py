"""The charters that ship with the product, how a charter file is read, and its calendar."""
