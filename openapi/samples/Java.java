import org.openapitools.client.ApiClient;
import org.openapitools.client.api.DesktopsApi;
import org.openapitools.client.model.BatchDetachInstancesReq;
import org.openapitools.client.model.DetachInstancesDesktopInfo;

class Java {
    public static void main(String[] arguments) throws Exception {
        var client = new ApiClient();
        client.updateBaseUri("http://127.0.0.1:8437");
        client.setRequestInterceptor(request -> request.header("X-Auth-Token", "sandbox-token"));
        var request = new BatchDetachInstancesReq();
        for (var id : new String[] {"4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001", "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004"}) {
            request.addDesktopsItem(new DetachInstancesDesktopInfo().desktopId(id).isDetachAllUsers(true));
        }
        // Throws ApiException for every status that is not 2xx.
        var response = new DesktopsApi(client).batchDetachInstances("0bec5db98280d2d02fd6c00c2de791ce", request);
        if (response.getFailedOperationList() == null) return;
        for (var failure : response.getFailedOperationList()) {
            System.out.printf("%s failed: %s %s%n", failure.getDesktopId(), failure.getErrorCode(), failure.getErrorMsg());
        }
    }
}
