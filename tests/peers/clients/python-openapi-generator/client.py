"""Calls the three operations with the Python client that openapi-generator generates, and checks
typed results and errors."""

import os

from pydantic import ValidationError
from workspace_client import (
    ApiClient,
    BatchDetachInstancesReq,
    Configuration,
    DesktopsApi,
    DetachInstancesDesktopInfo,
    DetachInstancesUserInfo,
    LogoffDesktopsReq,
)
from workspace_client.exceptions import (
    ApiException,
    BadRequestException,
    ConflictException,
    ForbiddenException,
    NotFoundException,
    ServiceException,
    UnauthorizedException,
)

PROJECT = os.environ["SANDBOX_PROJECT_ID"]
SINGLE, MULTI, POOL, BUSY = (f"4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f000{n}" for n in (1, 2, 3, 4))


def connect(url, token):
    return DesktopsApi(ApiClient(Configuration(host=url, api_key={"UserToken": token})))


api = connect(os.environ["SANDBOX_URL"], os.environ["SANDBOX_TOKEN"])


def records(desktop_id, project_id=PROJECT, api=api):
    return api.list_desktop_detach_info(project_id, desktop_id).desktop_detach_infos or []


def error_of(kind, call, *arguments):
    """Returns the error of this kind that the call raises."""
    try:
        result = call(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}, got {result!r}")


# The records of past unbindings.
(record,) = records(SINGLE)
unbound = (record.user_name, record.type, record.detach_time)
assert unbound == ("omar", "USER", "2026-03-10T12:02:11Z"), unbound

# A user, a user group and all users. For a busy and an unknown desktop, the unbinding fails with
# status 200.
li_na = DetachInstancesUserInfo(user_name="li-na")
designers = DetachInstancesUserInfo(user_name="designers", type="GROUP")
desktops = [
    DetachInstancesDesktopInfo(desktop_id=SINGLE, detach_user_infos=[li_na]),
    DetachInstancesDesktopInfo(desktop_id=MULTI, detach_user_infos=[designers]),
    DetachInstancesDesktopInfo(desktop_id=POOL, is_detach_all_users=True),
    DetachInstancesDesktopInfo(desktop_id=BUSY, is_detach_all_users=True),
    DetachInstancesDesktopInfo(desktop_id="unknown", is_detach_all_users=True),
]
result = api.batch_detach_instances(PROJECT, BatchDetachInstancesReq(desktops=desktops))
busy, unknown = result.failed_operation_list
assert (busy.desktop_id, busy.error_code) == (BUSY, "WKS.00010032"), busy
assert unknown.desktop_id == "unknown" and unknown.error_msg, unknown
assert result.job_id and len(result.success_job_ids) == 2, result

assert [record.user_name for record in records(SINGLE)] == ["omar", "li-na"]
assert [(record.user_name, record.type) for record in records(MULTI)] == [("designers", "GROUP")]
assert {record.user_name for record in records(POOL)} == {"tomas", "测试组"}

# The response to a log-off has no body.
log_off = LogoffDesktopsReq(desktop_ids=[MULTI], message="Logged off for maintenance.")
response = api.batch_logoff_desktops_with_http_info(PROJECT, log_off)
assert (response.status_code, response.data) == (200, None), response
assert response.headers["x-request-id"], response

# Errors are exceptions by status, with the body as one type.
log_off = LogoffDesktopsReq(desktop_ids=[BUSY])
error = error_of(ConflictException, api.batch_logoff_desktops, PROJECT, log_off)
assert error.data.error_code == "WKS.00010032" and error.data.error_detail, error
empty = BatchDetachInstancesReq()
error = error_of(BadRequestException, api.batch_detach_instances, PROJECT, empty)
assert error.data.error_code == "WKS.0001", error
error = error_of(NotFoundException, api.list_desktop_detach_info, PROJECT, "unknown")
assert error.data.error_msg, error
invalid_token = connect(os.environ["SANDBOX_URL"], "wrong")
error = error_of(UnauthorizedException, invalid_token.list_desktop_detach_info, PROJECT, SINGLE)
assert error.data.error_code == "APIGW.0301", error
assert error.data.request_id == error.headers["X-Request-Id"], error

# The client does not send a request that exceeds a limit: an empty batch, an unknown type, a long
# name, the length of an id. It does not check the pattern of path parameters, so the caller must
# reject `..` there; in a body, `..` cannot change the path.
error_of(ValidationError, lambda: BatchDetachInstancesReq(desktops=[]))
error_of(ValidationError, lambda: DetachInstancesUserInfo(user_name="li-na", type="ROBOT"))
error_of(ValidationError, lambda: DetachInstancesUserInfo(user_name="n" * 10_000))
for desktop_id in ("", "i" * 10_000):
    error_of(ValidationError, lambda: DetachInstancesDesktopInfo(desktop_id=desktop_id))
    error_of(ValidationError, api.list_desktop_detach_info, PROJECT, desktop_id)
assert DetachInstancesDesktopInfo(desktop_id="..").desktop_id == ".."

# Unusual responses that the contract allows, and statuses that it does not list.
edge = connect(os.environ["EDGE_URL"], "any")
assert records("d", "nulls", edge) == [] and records("d", "absent", edge) == []
result = edge.batch_detach_instances("nulls", BatchDetachInstancesReq())
assert not result.failed_operation_list and not result.success_job_ids, result
(record,) = records("d", "future", edge)
assert (record.type, record.user_group) == ("ROBOT", "pilots"), record
error = error_of(ForbiddenException, edge.list_desktop_detach_info, "forbidden", "d")
assert error.data.encoded_authorization_message == "XvVh3bJ5", error
assert error_of(ApiException, edge.list_desktop_detach_info, "throttled", "d").status == 429
assert error_of(ServiceException, edge.list_desktop_detach_info, "proxy", "d").status == 502
