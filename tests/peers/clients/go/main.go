// Calls the three operations with the Go client that openapi-generator generates, and checks typed
// results and errors.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"reflect"
	"sort"

	"check/workspace"
)

type (
	desktopInfo = workspace.DetachInstancesDesktopInfo
	userInfo    = workspace.DetachInstancesUserInfo
)

const (
	single = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001"
	multi  = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002"
	pool   = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0003"
	busy   = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004"
)

var (
	project = os.Getenv("SANDBOX_PROJECT_ID")
	sandbox = connect(os.Getenv("SANDBOX_URL"))
	valid   = withToken(os.Getenv("SANDBOX_TOKEN"))
)

func connect(url string) *workspace.DesktopsAPIService {
	configuration := workspace.NewConfiguration()
	configuration.Servers = workspace.ServerConfigurations{{URL: url}}
	return workspace.NewAPIClient(configuration).DesktopsAPI
}

func withToken(token string) context.Context {
	keys := map[string]workspace.APIKey{"UserToken": {Key: token}}
	return context.WithValue(context.Background(), workspace.ContextAPIKeys, keys)
}

// check exits with the position of the caller and these values if the condition is false.
func check(condition bool, values ...any) {
	if !condition {
		log.Output(2, "unexpected")
		log.Fatalln(values...)
	}
}

// errorOf returns the typed body of an error with this status.
func errorOf(status int, response *http.Response, err error) workspace.ErrorResponse {
	var typed *workspace.GenericOpenAPIError
	check(response != nil && response.StatusCode == status, status, response, err)
	check(errors.As(err, &typed), err)
	body, ok := typed.Model().(workspace.ErrorResponse)
	check(ok, typed.Model())
	check(response.Header.Get("X-Request-Id") != "", response.Header)
	return body
}

func records(desktop string) []workspace.DesktopDetachInfo {
	result, _, err := sandbox.ListDesktopDetachInfo(valid, project, desktop).Execute()
	check(err == nil, err)
	return result.GetDesktopDetachInfos()
}

func names(desktop string) (names []string) {
	for _, record := range records(desktop) {
		names = append(names, record.GetUserName())
	}
	sort.Strings(names)
	return names
}

func logOff(desktop string) (*http.Response, error) {
	request := workspace.LogoffDesktopsReq{
		DesktopIds: []string{desktop},
		Message:    workspace.PtrString("Logged off for maintenance."),
	}
	return sandbox.BatchLogoffDesktops(valid, project).LogoffDesktopsReq(request).Execute()
}

func oneUser(desktop string, user userInfo) desktopInfo {
	return desktopInfo{DesktopId: &desktop, DetachUserInfos: []userInfo{user}}
}

func allUsers(desktop string) desktopInfo {
	return desktopInfo{
		DesktopId:        &desktop,
		IsDetachAllUsers: workspace.PtrBool(true),
	}
}

func main() {
	log.SetFlags(log.Lshortfile)
	checkRecords()
	checkUnbinding()
	checkLogOff()
	checkErrors()
	checkEdgeResponses()
}

// The records of past unbindings.
func checkRecords() {
	before := records(single)
	check(len(before) == 1, before)
	check(before[0].GetUserName() == "omar" && before[0].GetType() == "USER", before)
	check(before[0].GetDetachTime() == "2026-03-10T12:02:11Z", before)
}

// A user, a user group and all users. For a busy and an unknown desktop, the unbinding fails with
// status 200.
func checkUnbinding() {
	liNa := userInfo{UserName: "li-na"}
	designers := userInfo{UserName: "designers", Type: workspace.PtrString("GROUP")}
	request := workspace.BatchDetachInstancesReq{
		Desktops: []desktopInfo{
			oneUser(single, liNa), oneUser(multi, designers),
			allUsers(pool), allUsers(busy), allUsers("unknown"),
		},
	}
	call := sandbox.BatchDetachInstances(valid, project).BatchDetachInstancesReq(request)
	result, _, err := call.Execute()
	check(err == nil, err)
	failed := result.GetFailedOperationList()
	check(len(failed) == 2, failed)
	check(failed[0].GetDesktopId() == busy, failed[0])
	check(failed[0].GetErrorCode() == "WKS.00010032", failed[0])
	check(failed[1].GetDesktopId() == "unknown" && failed[1].GetErrorMsg() != "", failed[1])
	check(result.GetJobId() != "" && len(result.GetSuccessJobIds()) == 2, result)

	check(reflect.DeepEqual(names(single), []string{"li-na", "omar"}), names(single))
	check(reflect.DeepEqual(names(pool), []string{"tomas", "测试组"}), names(pool))
	group := records(multi)
	check(len(group) == 1 && group[0].GetUserName() == "designers", group)
	check(group[0].GetType() == "GROUP", group)
}

// The response to a log-off has no body.
func checkLogOff() {
	response, err := logOff(multi)
	check(err == nil && response.StatusCode == 200, response, err)
	check(response.Header.Get("X-Request-Id") != "", response.Header)
}

// Errors have the body as one type.
func checkErrors() {
	response, err := logOff(busy)
	conflict := errorOf(409, response, err)
	check(conflict.GetErrorCode() == "WKS.00010032" && conflict.GetErrorDetail() != "", conflict)

	empty := workspace.BatchDetachInstancesReq{}
	call := sandbox.BatchDetachInstances(valid, project).BatchDetachInstancesReq(empty)
	_, response, err = call.Execute()
	badRequest := errorOf(400, response, err)
	check(badRequest.GetErrorCode() == "WKS.0001", badRequest)

	_, response, err = sandbox.ListDesktopDetachInfo(valid, project, "unknown").Execute()
	missing := errorOf(404, response, err)
	check(missing.GetErrorMsg() != "", missing)

	_, response, err = sandbox.ListDesktopDetachInfo(withToken("wrong"), project, single).Execute()
	unauthorized := errorOf(401, response, err)
	check(unauthorized.GetErrorCode() == "APIGW.0301", unauthorized)
	check(unauthorized.GetRequestId() == response.Header.Get("X-Request-Id"), unauthorized)

	// The client checks the length of an id in the path; the caller must reject `..`.
	_, response, err = sandbox.ListDesktopDetachInfo(valid, project, "").Execute()
	check(err != nil && response == nil, response, err)
}

// Unusual responses that the contract allows, and statuses that it does not list.
func checkEdgeResponses() {
	edge := connect(os.Getenv("EDGE_URL"))
	for _, id := range []string{"nulls", "absent"} {
		list, _, err := edge.ListDesktopDetachInfo(valid, id, "d").Execute()
		check(err == nil && len(list.GetDesktopDetachInfos()) == 0, id, list, err)
		empty := workspace.BatchDetachInstancesReq{}
		result, _, err := edge.BatchDetachInstances(valid, id).BatchDetachInstancesReq(empty).Execute()
		check(err == nil && len(result.GetFailedOperationList()) == 0, id, result, err)
		check(len(result.GetSuccessJobIds()) == 0, id, result)
	}

	future, _, err := edge.ListDesktopDetachInfo(valid, "future", "d").Execute()
	check(err == nil && len(future.GetDesktopDetachInfos()) == 1, future, err)
	check(future.GetDesktopDetachInfos()[0].GetType() == "ROBOT", future)

	_, response, err := edge.ListDesktopDetachInfo(valid, "forbidden", "d").Execute()
	forbidden := errorOf(403, response, err)
	check(forbidden.GetEncodedAuthorizationMessage() == "XvVh3bJ5", forbidden)

	for id, status := range map[string]int{"throttled": 429, "proxy": 502} {
		_, response, err = edge.ListDesktopDetachInfo(valid, id, "d").Execute()
		check(err != nil && response.StatusCode == status, id, response, err)
	}
}
