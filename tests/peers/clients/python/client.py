"""Calls the three operations with the client that openapi-python-client generates, and checks typed
results and errors."""

import os

from workspace_client import AuthenticatedClient
from workspace_client.api.desktops import (
    batch_detach_instances,
    batch_logoff_desktops,
    list_desktop_detach_info,
)
from workspace_client.errors import UnexpectedStatus
from workspace_client.models import (
    BatchDetachInstancesReq,
    BatchDetachInstancesResponse,
    DetachInstancesDesktopInfo,
    DetachInstancesUserInfo,
    DetachInstancesUserInfoType,
    ErrorResponse,
    ListDesktopDetachInfoResponse,
    LogoffDesktopsReq,
)

PROJECT = os.environ["SANDBOX_PROJECT_ID"]
SINGLE, MULTI, POOL, BUSY = (f"4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f000{n}" for n in (1, 2, 3, 4))


def connect(url, token):
    return AuthenticatedClient(
        base_url=url,
        token=token,
        prefix="",
        auth_header_name="X-Auth-Token",
        raise_on_unexpected_status=True,
    )


client = connect(os.environ["SANDBOX_URL"], os.environ["SANDBOX_TOKEN"])


def records(desktop_id, project_id=PROJECT, client=client):
    response = list_desktop_detach_info.sync(project_id, desktop_id, client=client)
    assert isinstance(response, ListDesktopDetachInfoResponse), response
    return response.desktop_detach_infos or []


# The records of past unbindings.
(record,) = records(SINGLE)
unbound = (record.user_name, record.type_, record.detach_time)
assert unbound == ("omar", "USER", "2026-03-10T12:02:11Z"), unbound

# A user, a user group and all users. For a busy and an unknown desktop, the unbinding fails with
# status 200.
li_na = DetachInstancesUserInfo(user_name="li-na")
designers = DetachInstancesUserInfo(
    user_name="designers", type_=DetachInstancesUserInfoType.GROUP
)
desktops = [
    DetachInstancesDesktopInfo(SINGLE, detach_user_infos=[li_na]),
    DetachInstancesDesktopInfo(MULTI, detach_user_infos=[designers]),
    DetachInstancesDesktopInfo(POOL, is_detach_all_users=True),
    DetachInstancesDesktopInfo(BUSY, is_detach_all_users=True),
    DetachInstancesDesktopInfo("unknown", is_detach_all_users=True),
]
result = batch_detach_instances.sync(
    PROJECT, client=client, body=BatchDetachInstancesReq(desktops=desktops)
)
assert isinstance(result, BatchDetachInstancesResponse), result
busy, unknown = result.failed_operation_list
assert (busy.desktop_id, busy.error_code) == (BUSY, "WKS.00010032"), busy
assert unknown.desktop_id == "unknown" and unknown.error_msg, unknown
assert result.job_id and len(result.success_job_ids) == 2, result

assert [record.user_name for record in records(SINGLE)] == ["omar", "li-na"]
assert [(record.user_name, record.type_) for record in records(MULTI)] == [("designers", "GROUP")]
assert {record.user_name for record in records(POOL)} == {"tomas", "测试组"}

# The response to a log-off has no body.
log_off = LogoffDesktopsReq(desktop_ids=[MULTI], message="Logged off for maintenance.")
response = batch_logoff_desktops.sync_detailed(PROJECT, client=client, body=log_off)
assert (response.status_code, response.content) == (200, b""), response
assert response.headers["X-Request-Id"], response

# Errors are values of one type.
conflict = batch_logoff_desktops.sync(
    PROJECT, client=client, body=LogoffDesktopsReq(desktop_ids=[BUSY])
)
assert isinstance(conflict, ErrorResponse), conflict
assert conflict.error_code == "WKS.00010032" and conflict.error_detail, conflict
empty = batch_detach_instances.sync_detailed(
    PROJECT, client=client, body=BatchDetachInstancesReq(desktops=[])
)
assert empty.status_code == 400 and empty.parsed.error_code == "WKS.0001", empty
missing = list_desktop_detach_info.sync_detailed(PROJECT, "unknown", client=client)
assert missing.status_code == 404 and missing.parsed.error_msg, missing
invalid_token = connect(os.environ["SANDBOX_URL"], "wrong")
unauthorized = list_desktop_detach_info.sync_detailed(PROJECT, SINGLE, client=invalid_token)
assert unauthorized.status_code == 401, unauthorized
assert unauthorized.parsed.error_code == "APIGW.0301", unauthorized
assert unauthorized.parsed.request_id == unauthorized.headers["X-Request-Id"], unauthorized

# Unusual responses that the contract allows, and statuses that it does not list.
edge = connect(os.environ["EDGE_URL"], "any")
assert records("d", "nulls", edge) == [] and records("d", "absent", edge) == []
result = batch_detach_instances.sync("nulls", client=edge, body=BatchDetachInstancesReq())
assert not result.failed_operation_list and not result.success_job_ids, result
(record,) = records("d", "future", edge)
assert (record.type_, record.user_group, record["colour"]) == ("ROBOT", "pilots", "blue"), record
forbidden = list_desktop_detach_info.sync("forbidden", "d", client=edge)
assert forbidden.encoded_authorization_message == "XvVh3bJ5", forbidden
for project_id, status in (("throttled", 429), ("proxy", 502)):
    try:
        list_desktop_detach_info.sync(project_id, "d", client=edge)
    except UnexpectedStatus as error:
        assert error.status_code == status, error
    else:
        raise AssertionError(f"status {status} was returned as a success")
