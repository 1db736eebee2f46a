"""How each kind of answer looks to a person."""
