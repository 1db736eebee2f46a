"""Who acts, and how it is proven: tokens, the keys that they are held against, and their way on the wire."""
