from workspace_client import ApiClient, BatchDetachInstancesReq, Configuration, DesktopsApi
from workspace_client import DetachInstancesDesktopInfo

settings = Configuration("http://127.0.0.1:8437", api_key={"UserToken": "sandbox-token"})
desktops = DesktopsApi(ApiClient(settings))
ids = ["4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001", "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004"]
request = BatchDetachInstancesReq(
    desktops=[DetachInstancesDesktopInfo(desktop_id=id, is_detach_all_users=True) for id in ids]
)
# Raises ApiException for every status but 200.
response = desktops.batch_detach_instances("0bec5db98280d2d02fd6c00c2de791ce", request)
for failure in response.failed_operation_list or []:
    print(f"{failure.desktop_id} failed: {failure.error_code} {failure.error_msg}")
