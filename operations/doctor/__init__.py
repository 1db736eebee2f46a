"""The look at a whole deployment, in sentences."""
