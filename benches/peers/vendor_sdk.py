"""The work of work.rs with the vendor's SDK for Python, with a signature."""

import os
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkworkspace.v2 import (
    BatchDetachInstancesReq,
    BatchDetachInstancesRequest,
    DetachInstancesDesktopInfo,
    ListDesktopDetachInfoRequest,
    WorkspaceClient,
)

setting = os.environ
credentials = BasicCredentials(setting["ACCESS_KEY"], setting["SECRET_KEY"], setting["PROJECT_ID"])
client = WorkspaceClient.new_builder().with_credentials(credentials).with_endpoint(setting["BASE_URL"]).build()
desktop_ids = setting["DESKTOPS"].split(",")


def detach_info(desktop_id):
    return len(client.list_desktop_detach_info(ListDesktopDetachInfoRequest(desktop_id=desktop_id)).desktop_detach_infos)


records = detach_info(desktop_ids[0])
print("first response", flush=True)
for _ in range(int(setting["READS"])):
    records += detach_info(desktop_ids[0])
desktops = [DetachInstancesDesktopInfo(desktop_id=desktop_id, is_detach_all_users=True) for desktop_id in desktop_ids]
request = BatchDetachInstancesRequest(body=BatchDetachInstancesReq(desktops=desktops))
failures = len(client.batch_detach_instances(request).failed_operation_list or [])
print(f"{records} records, {failures} failures", flush=True)
# The runner measures this process before it closes stdin.
sys.stdin.read()
