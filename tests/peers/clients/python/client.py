"""The three operations through the client that openapi-python-client generates, typed fields and errors checked."""

import os

from workspace_client import AuthenticatedClient
from workspace_client.api.desktops import batch_detach_instances, batch_logoff_desktops, list_desktop_detach_info
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
        base_url=url, token=token, prefix="", auth_header_name="X-Auth-Token", raise_on_unexpected_status=True
    )


client = connect(os.environ["SANDBOX_URL"], os.environ["SANDBOX_TOKEN"])


def records(desktop, project=PROJECT, client=client):
    answer = list_desktop_detach_info.sync(project, desktop, client=client)
    assert isinstance(answer, ListDesktopDetachInfoResponse), answer
    return answer.desktop_detach_infos or []


# Who was unbound before.
(record,) = records(SINGLE)
assert (record.user_name, record.type_, record.detach_time) == ("omar", "USER", "2026-03-10T12:02:11Z")

# A user, a user group and all users; a busy desktop and an unknown one fail under status 200.
answer = batch_detach_instances.sync(
    PROJECT,
    client=client,
    body=BatchDetachInstancesReq(
        desktops=[
            DetachInstancesDesktopInfo(SINGLE, detach_user_infos=[DetachInstancesUserInfo(user_name="li-na")]),
            DetachInstancesDesktopInfo(
                MULTI,
                detach_user_infos=[
                    DetachInstancesUserInfo(user_name="designers", type_=DetachInstancesUserInfoType.GROUP)
                ],
            ),
            DetachInstancesDesktopInfo(POOL, is_detach_all_users=True),
            DetachInstancesDesktopInfo(BUSY, is_detach_all_users=True),
            DetachInstancesDesktopInfo("unknown", is_detach_all_users=True),
        ]
    ),
)
assert isinstance(answer, BatchDetachInstancesResponse), answer
busy, unknown = answer.failed_operation_list
assert (busy.desktop_id, busy.error_code) == (BUSY, "WKS.00010032"), busy
assert unknown.desktop_id == "unknown" and unknown.error_msg, unknown
assert answer.job_id and len(answer.success_job_ids) == 2, answer

assert [record.user_name for record in records(SINGLE)] == ["omar", "li-na"]
assert [(record.user_name, record.type_) for record in records(MULTI)] == [("designers", "GROUP")]
assert {record.user_name for record in records(POOL)} == {"tomas", "测试组"}

# The log-off answers without a body.
done = batch_logoff_desktops.sync_detailed(
    PROJECT, client=client, body=LogoffDesktopsReq(desktop_ids=[MULTI], message="Please save your work.")
)
assert (done.status_code, done.content) == (200, b"") and done.headers["X-Request-Id"], done

# Errors are values of one type.
refused = batch_logoff_desktops.sync(PROJECT, client=client, body=LogoffDesktopsReq(desktop_ids=[BUSY]))
assert isinstance(refused, ErrorResponse) and refused.error_code == "WKS.00010032" and refused.error_detail, refused
empty = batch_detach_instances.sync_detailed(PROJECT, client=client, body=BatchDetachInstancesReq(desktops=[]))
assert empty.status_code == 400 and empty.parsed.error_code == "WKS.0001", empty
missing = list_desktop_detach_info.sync_detailed(PROJECT, "unknown", client=client)
assert missing.status_code == 404 and missing.parsed.error_msg, missing
stranger = list_desktop_detach_info.sync_detailed(
    PROJECT, SINGLE, client=connect(os.environ["SANDBOX_URL"], "wrong")
)
assert stranger.status_code == 401 and stranger.parsed.error_code == "APIGW.0301", stranger
assert stranger.parsed.request_id == stranger.headers["X-Request-Id"], stranger

# Answers that the contract allows, and statuses that it does not list.
odd = connect(os.environ["ODD_URL"], "any")
assert records("d", "nulls", odd) == [] and records("d", "absent", odd) == []
answer = batch_detach_instances.sync("nulls", client=odd, body=BatchDetachInstancesReq())
assert not answer.failed_operation_list and not answer.success_job_ids, answer
(record,) = records("d", "future", odd)
assert (record.type_, record.user_group, record["colour"]) == ("ROBOT", "pilots", "blue"), record
forbidden = list_desktop_detach_info.sync("forbidden", "d", client=odd)
assert forbidden.encoded_authorization_message == "XvVh3bJ5", forbidden
for project, status in (("throttled", 429), ("proxy", 502)):
    try:
        list_desktop_detach_info.sync(project, "d", client=odd)
    except UnexpectedStatus as error:
        assert error.status_code == status, error
    else:
        raise AssertionError(f"{status} was taken for a success")
