"""Owns the search attributes by which complaints are listed.

Never anything about the customer: search attributes are stored in the clear. Must not import
anything else of ours, so that a workflow may import it.
"""

from __future__ import annotations

from typing import Any, Final

from temporalio.common import SearchAttributeKey

CHARTER: Final = SearchAttributeKey.for_keyword("UpholdCharter")
STAGE: Final = SearchAttributeKey.for_keyword("UpholdStage")
STATE: Final = SearchAttributeKey.for_keyword("UpholdState")
NEXT_DUE: Final = SearchAttributeKey.for_datetime("UpholdNextDue")
MISSED: Final = SearchAttributeKey.for_int("UpholdMissed")
HANDLER: Final = SearchAttributeKey.for_keyword("UpholdHandler")

ALL: Final[tuple[SearchAttributeKey[Any], ...]] = (
    CHARTER,
    STAGE,
    STATE,
    NEXT_DUE,
    MISSED,
    HANDLER,
)
