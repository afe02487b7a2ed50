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

/**
 * Calls the three operations with the Java client that openapi-generator generates, and checks
 * typed results and errors.
 */
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

    static void check(boolean condition, Object value) {
        if (!condition) {
            throw new AssertionError(value);
        }
    }

    /** Returns the error with this status that the call throws. */
    static ApiException errorOf(int status, Call call) throws Exception {
        Object result;
        try {
            result = call.make();
        } catch (ApiException error) {
            check(error.getCode() == status, error);
            check(error.getResponseHeaders().firstValue("X-Request-Id").isPresent(), error);
            return error;
        }
        throw new AssertionError("expected status " + status + ", got " + result);
    }

    static ErrorResponse body(ApiException error) throws Exception {
        return new ObjectMapper().readValue(error.getResponseBody(), ErrorResponse.class);
    }

    static List<DesktopDetachInfo> records(DesktopsApi api, String project, String desktop)
        throws Exception {
        var records = api.listDesktopDetachInfo(project, desktop).getDesktopDetachInfos();
        return records == null ? List.of() : records;
    }

    static String names(DesktopsApi api, String desktop) throws Exception {
        return records(api, PROJECT, desktop).stream().map(DesktopDetachInfo::getUserName)
            .collect(Collectors.toCollection(TreeSet::new)).toString();
    }

    static DetachInstancesDesktopInfo desktop(String id) {
        return new DetachInstancesDesktopInfo().desktopId(id);
    }

    static LogoffDesktopsReq logOff(String desktop) {
        return new LogoffDesktopsReq().addDesktopIdsItem(desktop).message("Logged off for maintenance.");
    }

    public static void main(String[] arguments) throws Exception {
        String url = System.getenv("SANDBOX_URL");
        DesktopsApi api = connect(url, System.getenv("SANDBOX_TOKEN"));
        checkRecords(api);
        checkUnbinding(api);
        checkLogOff(api);
        checkErrors(api, connect(url, "wrong"));
        checkEdgeResponses(connect(System.getenv("EDGE_URL"), "any"));
    }

    /** The records of past unbindings. */
    static void checkRecords(DesktopsApi api) throws Exception {
        DesktopDetachInfo before = records(api, PROJECT, SINGLE).get(0);
        check(before.getUserName().equals("omar") && before.getType().equals("USER"), before);
        check(before.getDetachTime().equals("2026-03-10T12:02:11Z"), before);
    }

    /**
     * A user, a user group and all users. For a busy and an unknown desktop, the unbinding fails
     * with status 200.
     */
    static void checkUnbinding(DesktopsApi api) throws Exception {
        var user = new DetachInstancesUserInfo().userName("li-na");
        var group = new DetachInstancesUserInfo().userName("designers")
            .type(DetachInstancesUserInfo.TypeEnum.GROUP);
        var result = api.batchDetachInstances(PROJECT, new BatchDetachInstancesReq()
            .addDesktopsItem(desktop(SINGLE).addDetachUserInfosItem(user))
            .addDesktopsItem(desktop(MULTI).addDetachUserInfosItem(group))
            .addDesktopsItem(desktop(POOL).isDetachAllUsers(true))
            .addDesktopsItem(desktop(BUSY).isDetachAllUsers(true))
            .addDesktopsItem(desktop("unknown").isDetachAllUsers(true)));
        var failed = result.getFailedOperationList();
        check(failed.size() == 2, failed);
        check(failed.get(0).getDesktopId().equals(BUSY), failed);
        check(failed.get(0).getErrorCode().equals("WKS.00010032"), failed);
        check(failed.get(1).getDesktopId().equals("unknown"), failed);
        check(!failed.get(1).getErrorMsg().isEmpty(), failed);
        check(!result.getJobId().isEmpty() && result.getSuccessJobIds().size() == 2, result);

        check(names(api, SINGLE).equals("[li-na, omar]"), names(api, SINGLE));
        check(names(api, MULTI).equals("[designers]"), names(api, MULTI));
        check(records(api, PROJECT, MULTI).get(0).getType().equals("GROUP"), MULTI);
        check(names(api, POOL).equals("[tomas, 测试组]"), names(api, POOL));
    }

    /** The response to a log-off has no body. */
    static void checkLogOff(DesktopsApi api) throws Exception {
        var response = api.batchLogoffDesktopsWithHttpInfo(PROJECT, logOff(MULTI));
        check(response.getStatusCode() == 200 && response.getData() == null, response);
    }

    /** Errors are exceptions, with the body as one type. */
    static void checkErrors(DesktopsApi api, DesktopsApi withInvalidToken) throws Exception {
        ErrorResponse conflict = body(errorOf(409, () -> {
            api.batchLogoffDesktops(PROJECT, logOff(BUSY));
            return null;
        }));
        check(conflict.getErrorCode().equals("WKS.00010032"), conflict);
        check(conflict.getErrorDetail() != null, conflict);

        var empty = new BatchDetachInstancesReq();
        ErrorResponse bad = body(errorOf(400, () -> api.batchDetachInstances(PROJECT, empty)));
        check(bad.getErrorCode().equals("WKS.0001"), bad);

        ApiException notFound = errorOf(404, () -> api.listDesktopDetachInfo(PROJECT, "unknown"));
        ErrorResponse missing = body(notFound);
        check(missing.getErrorMsg() != null, missing);

        ApiException error = errorOf(401,
            () -> withInvalidToken.listDesktopDetachInfo(PROJECT, SINGLE));
        ErrorResponse unauthorized = body(error);
        String requestId = error.getResponseHeaders().firstValue("X-Request-Id").get();
        check(unauthorized.getErrorCode().equals("APIGW.0301"), unauthorized);
        check(unauthorized.getRequestId().equals(requestId), unauthorized);
    }

    /** Unusual responses that the contract allows, and statuses that it does not list. */
    static void checkEdgeResponses(DesktopsApi edge) throws Exception {
        check(records(edge, "nulls", "d").isEmpty(), "nulls");
        check(records(edge, "absent", "d").isEmpty(), "absent");
        var result = edge.batchDetachInstances("nulls", new BatchDetachInstancesReq());
        check(result.getFailedOperationList() == null, result);

        check(records(edge, "future", "d").get(0).getType().equals("ROBOT"), "future");

        var forbidden = body(errorOf(403, () -> edge.listDesktopDetachInfo("forbidden", "d")));
        check(forbidden.getEncodedAuthorizationMessage().equals("XvVh3bJ5"), forbidden);

        errorOf(429, () -> edge.listDesktopDetachInfo("throttled", "d"));
        errorOf(502, () -> edge.listDesktopDetachInfo("proxy", "d"));
    }
}
