"""How what is personal is kept so that only the organisation reads it, and nobody once it is erased."""
