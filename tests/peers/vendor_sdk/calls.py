"""The vendor's own SDK makes all three calls, with good and bad keys, and reads results and errors."""

import os

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions import exceptions
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


def client(access="SANDBOXACCESSKEY", secret="sandbox-secret-key", security_token=None):
    credentials = BasicCredentials(access, secret, PROJECT)
    if security_token:
        credentials = credentials.with_security_token(security_token)
    builder = WorkspaceClient.new_builder().with_credentials(credentials)
    return builder.with_endpoint(os.environ["BASE_URL"]).build()


def detach(who, *desktops):
    body = BatchDetachInstancesReq(desktops=list(desktops))
    return who.batch_detach_instances(BatchDetachInstancesRequest(body=body))


def log_off(who, *desktops, message=None):
    body = LogoffDesktopsReq(desktop_ids=list(desktops), message=message)
    return who.batch_logoff_desktops(BatchLogoffDesktopsRequest(body=body))


def records(who, desktop):
    return who.list_desktop_detach_info(ListDesktopDetachInfoRequest(desktop_id=desktop)).desktop_detach_infos


def refusal(kind, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except kind as error:
        assert error.request_id, "the SDK found no request id"
        return error.status_code, error.error_code
    raise AssertionError(f"{call.__name__} was not refused")


def main():
    good = client()

    before = records(good, MULTI)
    done = detach(
        good,
        DetachInstancesDesktopInfo(
            desktop_id=MULTI,
            detach_user_infos=[
                DetachInstancesUserInfo(user_name="li-na", user_id="5a0f4f1c9d1e4f8b8a6f2d3c4b5a6978"),
                DetachInstancesUserInfo(user_name="designers", type="GROUP"),
            ],
        ),
        DetachInstancesDesktopInfo(desktop_id=POOL, is_detach_all_users=True),
        DetachInstancesDesktopInfo(desktop_id=BUSY, is_detach_all_users=True),
        DetachInstancesDesktopInfo(desktop_id="no-such-desktop", is_detach_all_users=True),
    )
    failed = [(entry.desktop_id, entry.error_code) for entry in done.failed_operation_list]
    assert failed == [(BUSY, "WKS.00010032"), ("no-such-desktop", "WKS.0202")], failed
    assert len(done.success_job_ids) == 1 and done.job_id, done
    after = records(good, MULTI)
    assert len(after) == len(before) + 2, after
    assert [(record.user_name, record.type) for record in after] == [("li-na", "USER"), ("designers", "GROUP")]
    assert after[0].desktop_name == "build-01" and after[0].user_group == "sudo" and after[0].detach_time
    # The name of a group of the pool's desktop has Chinese characters.
    assert "测试组" in [record.user_name for record in records(good, POOL)]

    assert log_off(good, SINGLE, MULTI, message="维护 in five minutes").status_code == 200
    assert len(records(client("SANDBOXTEMPORARYKEY", "sandbox-temporary-secret-key", "sandbox-security-token"), MULTI)) == 2
    # A desktop id that needs encoding: the signatures must agree on it.
    assert refusal(exceptions.ClientRequestException, records, good, "a b:ü+") == (404, "WKS.0202")

    rejected = exceptions.ClientRequestException
    assert refusal(rejected, records, good, "no-such-desktop") == (404, "WKS.0202")
    assert refusal(rejected, log_off, good, BUSY) == (409, "WKS.00010032")
    assert refusal(rejected, log_off, good) == (400, "WKS.0001")
    assert refusal(rejected, detach, good, DetachInstancesDesktopInfo(is_detach_all_users=True)) == (400, "WKS.0001")

    for bad in (client(access="UNKNOWN"), client("SANDBOXTEMPORARYKEY", "sandbox-temporary-secret-key")):
        assert refusal(rejected, records, bad, MULTI) == (401, "APIGW.0301")
    for _ in range(5):
        assert refusal(rejected, records, client(secret="wrong"), MULTI) == (401, "APIGW.0301")
    # Five in a row have locked the key, so that the right secret does not help either.
    assert refusal(rejected, records, good, MULTI) == (401, "APIGW.0301")
    print("3 operations, 3 kinds of keys, 7 kinds of refusal")


main()
