"""Calls all three operations with the vendor's SDK, with valid and invalid keys."""

import os

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkworkspace.v2 import (
    BatchDetachInstancesReq,
    BatchDetachInstancesRequest,
    BatchLogoffDesktopsRequest,
    DetachInstancesDesktopInfo,
    DetachInstancesUserInfo,
    ListDesktopDetachInfoRequest,
    LogoffDesktopsReq,
    WorkspaceClient,
)

PROJECT = "0bec5db98280d2d02fd6c00c2de791ce"
SINGLE, MULTI, POOL, BUSY = (f"4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f000{n}" for n in (1, 2, 3, 4))


def connect(access="SANDBOXACCESSKEY", secret="sandbox-secret-key", security_token=None):
    credentials = BasicCredentials(access, secret, PROJECT)
    if security_token:
        credentials = credentials.with_security_token(security_token)
    builder = WorkspaceClient.new_builder().with_credentials(credentials)
    return builder.with_endpoint(os.environ["BASE_URL"]).build()


def detach(client, *desktops):
    body = BatchDetachInstancesReq(desktops=list(desktops))
    return client.batch_detach_instances(BatchDetachInstancesRequest(body=body))


def log_off(client, *desktop_ids, message=None):
    body = LogoffDesktopsReq(desktop_ids=list(desktop_ids), message=message)
    return client.batch_logoff_desktops(BatchLogoffDesktopsRequest(body=body))


def records(client, desktop_id):
    request = ListDesktopDetachInfoRequest(desktop_id=desktop_id)
    return client.list_desktop_detach_info(request).desktop_detach_infos


def error_of(call, *arguments):
    """Returns status and code of the error that the call raises."""
    try:
        call(*arguments)
    except ClientRequestException as error:
        assert error.request_id, "the SDK found no request id"
        return error.status_code, error.error_code
    raise AssertionError(f"{call.__name__} succeeded")


def all_users(desktop_id=None):
    return DetachInstancesDesktopInfo(desktop_id=desktop_id, is_detach_all_users=True)


def check_results(client):
    before = records(client, MULTI)
    users = [
        DetachInstancesUserInfo(user_name="li-na", user_id="5a0f4f1c9d1e4f8b8a6f2d3c4b5a6978"),
        DetachInstancesUserInfo(user_name="designers", type="GROUP"),
    ]
    result = detach(
        client,
        DetachInstancesDesktopInfo(desktop_id=MULTI, detach_user_infos=users),
        all_users(POOL),
        all_users(BUSY),
        all_users("no-such-desktop"),
    )
    failed = [(entry.desktop_id, entry.error_code) for entry in result.failed_operation_list]
    assert failed == [(BUSY, "WKS.00010032"), ("no-such-desktop", "WKS.0202")], failed
    assert len(result.success_job_ids) == 1 and result.job_id, result

    after = records(client, MULTI)
    assert len(after) == len(before) + 2, after
    unbound = [(record.user_name, record.type) for record in after]
    assert unbound == [("li-na", "USER"), ("designers", "GROUP")], unbound
    first = after[0]
    assert (first.desktop_name, first.user_group) == ("design-02", "sudo"), first
    assert first.detach_time, first
    # The pool desktop has a group with a Chinese name.
    assert "测试组" in [record.user_name for record in records(client, POOL)]

    assert log_off(client, SINGLE, MULTI, message="正在维护 (maintenance)").status_code == 200


def check_errors(client):
    assert error_of(records, client, "no-such-desktop") == (404, "WKS.0202")
    # An id that must be percent-encoded, in the same way for the path and the signature.
    assert error_of(records, client, "a b:ü+") == (404, "WKS.0202")
    assert error_of(log_off, client, BUSY) == (409, "WKS.00010032")
    assert error_of(log_off, client) == (400, "WKS.0001")
    assert error_of(detach, client, all_users()) == (400, "WKS.0001")


def check_keys(client):
    temporary = "SANDBOXTEMPORARYKEY", "sandbox-temporary-secret-key"
    assert len(records(connect(*temporary, "sandbox-security-token"), MULTI)) == 2

    for invalid in (connect(access="UNKNOWN"), connect(*temporary)):
        assert error_of(records, invalid, MULTI) == (401, "APIGW.0301")
    for _ in range(6):
        assert error_of(records, connect(secret="wrong"), MULTI) == (401, "APIGW.0301")
    # More than five invalid signatures in a row have locked the key, so the valid secret is rejected too.
    assert error_of(records, client, MULTI) == (401, "APIGW.0301")


def main():
    client = connect()
    check_results(client)
    check_errors(client)
    check_keys(client)
    print("3 operations, 3 kinds of keys, 7 kinds of errors")


main()
