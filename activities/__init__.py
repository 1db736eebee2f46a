"""The effects of a complaint: records, notices and looking up charters, behind ports."""
