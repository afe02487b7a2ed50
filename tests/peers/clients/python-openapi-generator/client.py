"""The three operations through the Python client that openapi-generator generates, typed fields and errors checked."""

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


def records(desktop, project=PROJECT, api=api):
    return api.list_desktop_detach_info(project, desktop).desktop_detach_infos or []


def refused(kind, call, *arguments):
    """The error that a call must end with."""
    try:
        answer = call(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} expected, not {answer!r}")


# Who was unbound before.
(record,) = records(SINGLE)
assert (record.user_name, record.type, record.detach_time) == ("omar", "USER", "2026-03-10T12:02:11Z")

# A user, a user group and all users; a busy desktop and an unknown one fail under status 200.
designers = DetachInstancesUserInfo(user_name="designers", type="GROUP")
answer = api.batch_detach_instances(
    PROJECT,
    BatchDetachInstancesReq(
        desktops=[
            DetachInstancesDesktopInfo(
                desktop_id=SINGLE, detach_user_infos=[DetachInstancesUserInfo(user_name="li-na")]
            ),
            DetachInstancesDesktopInfo(desktop_id=MULTI, detach_user_infos=[designers]),
            DetachInstancesDesktopInfo(desktop_id=POOL, is_detach_all_users=True),
            DetachInstancesDesktopInfo(desktop_id=BUSY, is_detach_all_users=True),
            DetachInstancesDesktopInfo(desktop_id="unknown", is_detach_all_users=True),
        ]
    ),
)
busy, unknown = answer.failed_operation_list
assert (busy.desktop_id, busy.error_code) == (BUSY, "WKS.00010032"), busy
assert unknown.desktop_id == "unknown" and unknown.error_msg, unknown
assert answer.job_id and len(answer.success_job_ids) == 2, answer

assert [record.user_name for record in records(SINGLE)] == ["omar", "li-na"]
assert [(record.user_name, record.type) for record in records(MULTI)] == [("designers", "GROUP")]
assert {record.user_name for record in records(POOL)} == {"tomas", "测试组"}

# The log-off answers without a body.
done = api.batch_logoff_desktops_with_http_info(
    PROJECT, LogoffDesktopsReq(desktop_ids=[MULTI], message="Please save your work.")
)
assert (done.status_code, done.data) == (200, None) and done.headers["x-request-id"], done

# Errors are exceptions by status, with the body as one type.
error = refused(ConflictException, api.batch_logoff_desktops, PROJECT, LogoffDesktopsReq(desktop_ids=[BUSY]))
assert error.data.error_code == "WKS.00010032" and error.data.error_detail, error
error = refused(BadRequestException, api.batch_detach_instances, PROJECT, BatchDetachInstancesReq())
assert error.data.error_code == "WKS.0001", error
error = refused(NotFoundException, api.list_desktop_detach_info, PROJECT, "unknown")
assert error.data.error_msg, error
stranger = connect(os.environ["SANDBOX_URL"], "wrong")
error = refused(UnauthorizedException, stranger.list_desktop_detach_info, PROJECT, SINGLE)
assert error.data.error_code == "APIGW.0301", error
assert error.data.request_id == error.headers["X-Request-Id"], error

# What breaks a limit does not leave: an empty batch, a type that there is not, a long name, an id that is no id. Of
# parameters in the path this generator checks the length alone, so an id of `..` is the caller's to refuse.
refused(ValidationError, lambda: BatchDetachInstancesReq(desktops=[]))
refused(ValidationError, lambda: DetachInstancesUserInfo(user_name="li-na", type="ROBOT"))
refused(ValidationError, lambda: DetachInstancesUserInfo(user_name="n" * 65))
for desktop in ("", ".", "..", "a/b", "a?b", "a#b", "a%2fb", "a\\b", "a\nb", "i" * 256):
    refused(ValidationError, lambda: DetachInstancesDesktopInfo(desktop_id=desktop))
for desktop in ("", "i" * 256):
    refused(ValidationError, api.list_desktop_detach_info, PROJECT, desktop)

# Answers that the contract allows, and statuses that it does not list.
odd = connect(os.environ["ODD_URL"], "any")
assert records("d", "nulls", odd) == [] and records("d", "absent", odd) == []
answer = odd.batch_detach_instances("nulls", BatchDetachInstancesReq())
assert not answer.failed_operation_list and not answer.success_job_ids, answer
(record,) = records("d", "future", odd)
assert (record.type, record.user_group) == ("ROBOT", "pilots"), record
error = refused(ForbiddenException, odd.list_desktop_detach_info, "forbidden", "d")
assert error.data.encoded_authorization_message == "XvVh3bJ5", error
assert refused(ApiException, odd.list_desktop_detach_info, "throttled", "d").status == 429
assert refused(ServiceException, odd.list_desktop_detach_info, "proxy", "d").status == 502
