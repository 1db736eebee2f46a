"""With which keys a client seals what it sends: those of the ring and the ledger, or of a key service.

Owns the choice. Loads nothing of either unless it is set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.settings import Settings
    from identity.sending import TokenOf
    from sealing.data_keys import DataKeys


def keys_for(settings: Settings, token: TokenOf) -> DataKeys | None:
    """The data keys that the settings name; none where nothing is sealed.

    `token` gives what a key service is asked with, as for an opening. Raises `BadKeyRing`, `BadKeyService`.
    """
    if settings.key_ring:
        from ledger.keys.at_url import KeysAt
        from sealing.data_keys import keys_of

        return keys_of(settings.key_ring, KeysAt(settings.ledger_url))
    if settings.key_service:
        from keyservice.at_url import keys_at

        return keys_at(settings.key_service, lambda reference: token(reference, None))
    return None
