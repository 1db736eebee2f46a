"""Failures whose words are sealed with everything else.

Owns that no message and no trace stays readable, of a failure or of whatever caused it. A failure's kind does:
it is a name of the program's.
"""

from __future__ import annotations

from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, PayloadConverter


class SealedFailures(DefaultFailureConverter):
    """As the SDK's own with encoded attributes, but for causes that came from elsewhere as well."""

    def __init__(self) -> None:
        super().__init__(encode_common_attributes=True)

    def to_failure(
        self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure
    ) -> None:
        """Turn the exception into a failure that says nothing in the clear but its kind."""
        super().to_failure(exception, payload_converter, failure)
        # The SDK hands on the causes of a failure that it was given as it read them: in the clear.
        words = failure.message
        while failure.HasField("cause"):
            failure = failure.cause
            if failure.message != words or failure.stack_trace:
                told = {"message": failure.message, "stack_trace": failure.stack_trace}
                failure.encoded_attributes.CopyFrom(payload_converter.to_payloads([told])[0])
                failure.message, failure.stack_trace = words, ""
