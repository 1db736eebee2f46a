"""Setting up a namespace creates what is missing, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest

from engine.connect import connect
from engine.errors import SearchAttributesMissing
from engine.provision import (
    ensure_namespace,
    ensure_search_attributes,
    missing_search_attributes,
    require_search_attributes,
)
from engine.search_attributes import ALL, STAGE
from engine.settings import Settings

RETENTION = timedelta(days=90)


async def test_a_namespace_is_created_once_with_its_retention(
    at_server: pytest.MonkeyPatch,
) -> None:
    at_server.setenv("TEMPORAL_NAMESPACE", "set-up-from-nothing")
    client = await connect(Settings(), check_namespace=False)
    assert await ensure_namespace(client, RETENTION) is True
    assert await ensure_namespace(client, timedelta(days=1)) is False
    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace="set-up-from-nothing")
    )
    retention = described.config.workflow_execution_retention_ttl.ToTimedelta()
    assert retention == RETENTION


async def test_search_attributes_are_registered_once_and_can_be_used_at_once(
    at_server: pytest.MonkeyPatch,
) -> None:
    at_server.setenv("TEMPORAL_NAMESPACE", "without-attributes")
    client = await connect(Settings(), check_namespace=False)
    await ensure_namespace(client, RETENTION)
    assert await missing_search_attributes(client) == ALL
    with pytest.raises(SearchAttributesMissing, match=r"UpholdCharter.*uphold setup"):
        await require_search_attributes(client)

    assert await ensure_search_attributes(client) == ALL
    assert await ensure_search_attributes(client) == ()
    await require_search_attributes(client)
    found = await client.count_workflows("UpholdStage = 'manager' AND UpholdMissed > 0")
    assert found.count == 0


async def test_an_attribute_of_another_type_is_refused_with_both_types(
    at_server: pytest.MonkeyPatch,
) -> None:
    at_server.setenv("TEMPORAL_NAMESPACE", "with-another-type")
    client = await connect(Settings(), check_namespace=False)
    await ensure_namespace(client, RETENTION)
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace="with-another-type",
            search_attributes={STAGE.name: IndexedValueType.INDEXED_VALUE_TYPE_INT},
        )
    )
    with pytest.raises(SearchAttributesMissing, match=r"UpholdStage as INT.*KEYWORD"):
        await ensure_search_attributes(client)
