"""What the tests of this room share."""

from tests.identity.guarded import guarded

__all__ = ["guarded"]
