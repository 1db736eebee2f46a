"""Mail that comes in: what people answer, and word of letters that did not arrive."""
