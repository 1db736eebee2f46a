"""The tables of a charter file that say how one matter of a complaint is handled.

Owns their shape; each is optional, and without it the charter promises nothing of that kind. What
follows from them is in `matters`.
"""

from __future__ import annotations
