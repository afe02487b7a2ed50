from workspace_client import AuthenticatedClient
from workspace_client.api.desktops import batch_detach_instances
from workspace_client.models import BatchDetachInstancesReq, DetachInstancesDesktopInfo

client = AuthenticatedClient(
    "http://127.0.0.1:8437", "sandbox-token", prefix="", auth_header_name="X-Auth-Token"
)
ids = ["4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001", "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004"]
request = BatchDetachInstancesReq([DetachInstancesDesktopInfo(id, True) for id in ids])
response = batch_detach_instances.sync_detailed(
    "0bec5db98280d2d02fd6c00c2de791ce", client=client, body=request
)
if response.status_code != 200:
    raise SystemExit(f"{response.status_code}: {response.parsed}")
for failure in response.parsed.failed_operation_list or []:
    print(f"{failure.desktop_id} failed: {failure.error_code} {failure.error_msg}")
