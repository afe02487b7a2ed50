import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.DesktopsApi;
import org.openapitools.client.model.BatchDetachInstancesReq;
import org.openapitools.client.model.DesktopDetachInfo;
import org.openapitools.client.model.DetachInstancesDesktopInfo;
import org.openapitools.client.model.DetachInstancesUserInfo;
import org.openapitools.client.model.ErrorResponse;
import org.openapitools.client.model.LogoffDesktopsReq;

/** The three operations through the Java client that openapi-generator generates, typed fields and errors checked. */
class Client {
    static final String PROJECT = System.getenv("SANDBOX_PROJECT_ID");
    static final String SINGLE = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
    static final String MULTI = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002";
    static final String POOL = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0003";
    static final String BUSY = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004";

    interface Call {
        Object make() throws Exception;
    }

    static DesktopsApi connect(String url, String token) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(url);
        client.setRequestInterceptor(request -> request.header("X-Auth-Token", token));
        return new DesktopsApi(client);
    }

    static void check(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** The error that a call must end with. */
    static ApiException refused(int status, Call call) throws Exception {
        try {
            throw new AssertionError(status + " was taken for a success: " + call.make());
        } catch (ApiException error) {
            check(error.getCode() == status, error);
            check(error.getResponseHeaders().firstValue("X-Request-Id").isPresent(), error);
            return error;
        }
    }

    static ErrorResponse body(ApiException error) throws Exception {
        return new ObjectMapper().readValue(error.getResponseBody(), ErrorResponse.class);
    }

    static List<DesktopDetachInfo> records(DesktopsApi api, String project, String desktop) throws Exception {
        List<DesktopDetachInfo> records = api.listDesktopDetachInfo(project, desktop).getDesktopDetachInfos();
        return records == null ? List.of() : records;
    }

    static String names(DesktopsApi api, String desktop) throws Exception {
        return records(api, PROJECT, desktop).stream().map(DesktopDetachInfo::getUserName)
            .collect(Collectors.toCollection(TreeSet::new)).toString();
    }

    static DetachInstancesDesktopInfo desktop(String id) {
        return new DetachInstancesDesktopInfo().desktopId(id);
    }

    public static void main(String[] arguments) throws Exception {
        String url = System.getenv("SANDBOX_URL");
        DesktopsApi api = connect(url, System.getenv("SANDBOX_TOKEN"));

        // Who was unbound before.
        DesktopDetachInfo before = records(api, PROJECT, SINGLE).get(0);
        check(before.getUserName().equals("omar") && before.getType().equals("USER"), before);
        check(before.getDetachTime().equals("2026-03-10T12:02:11Z"), before);

        // A user, a user group and all users; a busy desktop and an unknown one fail under status 200.
        DetachInstancesUserInfo group = new DetachInstancesUserInfo().userName("designers")
            .type(DetachInstancesUserInfo.TypeEnum.GROUP);
        var answer = api.batchDetachInstances(PROJECT, new BatchDetachInstancesReq()
            .addDesktopsItem(desktop(SINGLE).addDetachUserInfosItem(new DetachInstancesUserInfo().userName("li-na")))
            .addDesktopsItem(desktop(MULTI).addDetachUserInfosItem(group))
            .addDesktopsItem(desktop(POOL).isDetachAllUsers(true))
            .addDesktopsItem(desktop(BUSY).isDetachAllUsers(true))
            .addDesktopsItem(desktop("unknown").isDetachAllUsers(true)));
        var failed = answer.getFailedOperationList();
        check(failed.size() == 2, failed);
        check(failed.get(0).getDesktopId().equals(BUSY) && failed.get(0).getErrorCode().equals("WKS.00010032"), failed);
        check(failed.get(1).getDesktopId().equals("unknown") && !failed.get(1).getErrorMsg().isEmpty(), failed);
        check(!answer.getJobId().isEmpty() && answer.getSuccessJobIds().size() == 2, answer);

        check(names(api, SINGLE).equals("[li-na, omar]"), names(api, SINGLE));
        check(names(api, MULTI).equals("[designers]"), names(api, MULTI));
        check(records(api, PROJECT, MULTI).get(0).getType().equals("GROUP"), MULTI);
        check(names(api, POOL).equals("[tomas, 测试组]"), names(api, POOL));

        // The log-off answers without a body.
        var done = api.batchLogoffDesktopsWithHttpInfo(PROJECT, new LogoffDesktopsReq().addDesktopIdsItem(MULTI).message("Please save."));
        check(done.getStatusCode() == 200 && done.getData() == null, done);

        // Errors are exceptions, with the body as one type.
        ErrorResponse conflict = body(refused(409, () -> {
            api.batchLogoffDesktops(PROJECT, new LogoffDesktopsReq().addDesktopIdsItem(BUSY));
            return null;
        }));
        check(conflict.getErrorCode().equals("WKS.00010032") && conflict.getErrorDetail() != null, conflict);
        ErrorResponse bad = body(refused(400, () -> api.batchDetachInstances(PROJECT, new BatchDetachInstancesReq())));
        check(bad.getErrorCode().equals("WKS.0001"), bad);
        ErrorResponse missing = body(refused(404, () -> api.listDesktopDetachInfo(PROJECT, "unknown")));
        check(missing.getErrorMsg() != null, missing);
        ApiException stranger = refused(401, () -> connect(url, "wrong").listDesktopDetachInfo(PROJECT, SINGLE));
        check(body(stranger).getErrorCode().equals("APIGW.0301"), stranger);
        check(body(stranger).getRequestId().equals(stranger.getResponseHeaders().firstValue("X-Request-Id").get()), stranger);

        // Answers that the contract allows, and statuses that it does not list.
        DesktopsApi odd = connect(System.getenv("ODD_URL"), "any");
        check(records(odd, "nulls", "d").isEmpty() && records(odd, "absent", "d").isEmpty(), "lists");
        check(odd.batchDetachInstances("nulls", new BatchDetachInstancesReq()).getFailedOperationList() == null, "nulls");
        check(records(odd, "future", "d").get(0).getType().equals("ROBOT"), "future");
        ErrorResponse forbidden = body(refused(403, () -> odd.listDesktopDetachInfo("forbidden", "d")));
        check(forbidden.getEncodedAuthorizationMessage().equals("XvVh3bJ5"), forbidden);
        refused(429, () -> odd.listDesktopDetachInfo("throttled", "d"));
        refused(502, () -> odd.listDesktopDetachInfo("proxy", "d"));
    }
}
