// The three operations through the Go client that openapi-generator generates, typed fields and errors checked.
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

const (
	single = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001"
	multi  = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002"
	pool   = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0003"
	busy   = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004"
)

var project = os.Getenv("SANDBOX_PROJECT_ID")

func connect(url string) *workspace.DesktopsAPIService {
	configuration := workspace.NewConfiguration()
	configuration.Servers = workspace.ServerConfigurations{{URL: url}}
	return workspace.NewAPIClient(configuration).DesktopsAPI
}

func as(token string) context.Context {
	keys := map[string]workspace.APIKey{"UserToken": {Key: token}}
	return context.WithValue(context.Background(), workspace.ContextAPIKeys, keys)
}

func check(holds bool, what ...any) {
	if !holds {
		log.Output(2, "unexpected")
		log.Fatalln(what...)
	}
}

// refused gives the typed body of an error, which must have this status.
func refused(status int, answer *http.Response, err error) workspace.ErrorResponse {
	var typed *workspace.GenericOpenAPIError
	check(answer != nil && answer.StatusCode == status, status, answer, err)
	check(errors.As(err, &typed), err)
	body, ok := typed.Model().(workspace.ErrorResponse)
	check(ok, typed.Model())
	check(answer.Header.Get("X-Request-Id") != "", answer.Header)
	return body
}

func main() {
	log.SetFlags(log.Lshortfile)
	api, me := connect(os.Getenv("SANDBOX_URL")), as(os.Getenv("SANDBOX_TOKEN"))

	records := func(desktop string) []workspace.DesktopDetachInfo {
		answer, _, err := api.ListDesktopDetachInfo(me, project, desktop).Execute()
		check(err == nil, err)
		return answer.GetDesktopDetachInfos()
	}
	names := func(desktop string) (names []string) {
		for _, record := range records(desktop) {
			names = append(names, record.GetUserName())
		}
		sort.Strings(names)
		return names
	}

	// Who was unbound before.
	before := records(single)
	check(len(before) == 1, before)
	check(before[0].GetUserName() == "omar" && before[0].GetType() == "USER", before)
	check(before[0].GetDetachTime() == "2026-03-10T12:02:11Z", before)

	// A user, a user group and all users; a busy desktop and an unknown one fail under status 200.
	designers := workspace.DetachInstancesUserInfo{UserName: "designers", Type: workspace.PtrString("GROUP")}
	everyone := func(id string) workspace.DetachInstancesDesktopInfo {
		return workspace.DetachInstancesDesktopInfo{DesktopId: &id, IsDetachAllUsers: workspace.PtrBool(true)}
	}
	answer, _, err := api.BatchDetachInstances(me, project).BatchDetachInstancesReq(workspace.BatchDetachInstancesReq{
		Desktops: []workspace.DetachInstancesDesktopInfo{
			{DesktopId: workspace.PtrString(single), DetachUserInfos: []workspace.DetachInstancesUserInfo{{UserName: "li-na"}}},
			{DesktopId: workspace.PtrString(multi), DetachUserInfos: []workspace.DetachInstancesUserInfo{designers}},
			everyone(pool), everyone(busy), everyone("unknown"),
		},
	}).Execute()
	check(err == nil, err)
	failed := answer.GetFailedOperationList()
	check(len(failed) == 2, failed)
	check(failed[0].GetDesktopId() == busy && failed[0].GetErrorCode() == "WKS.00010032", failed[0])
	check(failed[1].GetDesktopId() == "unknown" && failed[1].GetErrorMsg() != "", failed[1])
	check(answer.GetJobId() != "" && len(answer.GetSuccessJobIds()) == 2, answer)

	check(reflect.DeepEqual(names(single), []string{"li-na", "omar"}), names(single))
	check(reflect.DeepEqual(names(pool), []string{"tomas", "测试组"}), names(pool))
	group := records(multi)
	check(len(group) == 1 && group[0].GetUserName() == "designers" && group[0].GetType() == "GROUP", group)

	// The log-off answers without a body.
	logOff := func(desktop string) (*http.Response, error) {
		request := workspace.LogoffDesktopsReq{DesktopIds: []string{desktop}, Message: workspace.PtrString("Please save.")}
		return api.BatchLogoffDesktops(me, project).LogoffDesktopsReq(request).Execute()
	}
	done, err := logOff(multi)
	check(err == nil && done.StatusCode == 200 && done.Header.Get("X-Request-Id") != "", done, err)

	// Errors carry the body as one type.
	done, err = logOff(busy)
	conflict := refused(409, done, err)
	check(conflict.GetErrorCode() == "WKS.00010032" && conflict.GetErrorDetail() != "", conflict)
	_, done, err = api.BatchDetachInstances(me, project).BatchDetachInstancesReq(workspace.BatchDetachInstancesReq{}).Execute()
	bad := refused(400, done, err)
	check(bad.GetErrorCode() == "WKS.0001", bad)
	_, done, err = api.ListDesktopDetachInfo(me, project, "unknown").Execute()
	missing := refused(404, done, err)
	check(missing.GetErrorMsg() != "", missing)
	_, done, err = api.ListDesktopDetachInfo(as("wrong"), project, single).Execute()
	stranger := refused(401, done, err)
	check(stranger.GetErrorCode() == "APIGW.0301", stranger)
	check(stranger.GetRequestId() == done.Header.Get("X-Request-Id"), stranger)

	// Of an id in the path this generator checks the length before it sends; `..` is the caller's to refuse.
	_, done, err = api.ListDesktopDetachInfo(me, project, "").Execute()
	check(err != nil && done == nil, done, err)

	// Answers that the contract allows, and statuses that it does not list.
	odd := connect(os.Getenv("ODD_URL"))
	for _, name := range []string{"nulls", "absent"} {
		list, _, err := odd.ListDesktopDetachInfo(me, name, "d").Execute()
		check(err == nil && len(list.GetDesktopDetachInfos()) == 0, name, list, err)
		answer, _, err := odd.BatchDetachInstances(me, name).BatchDetachInstancesReq(workspace.BatchDetachInstancesReq{}).Execute()
		check(err == nil && len(answer.GetFailedOperationList()) == 0 && len(answer.GetSuccessJobIds()) == 0, name, answer, err)
	}
	future, _, err := odd.ListDesktopDetachInfo(me, "future", "d").Execute()
	check(err == nil && len(future.GetDesktopDetachInfos()) == 1, future, err)
	check(future.GetDesktopDetachInfos()[0].GetType() == "ROBOT", future)
	_, done, err = odd.ListDesktopDetachInfo(me, "forbidden", "d").Execute()
	forbidden := refused(403, done, err)
	check(forbidden.GetEncodedAuthorizationMessage() == "XvVh3bJ5", forbidden)
	for name, status := range map[string]int{"throttled": 429, "proxy": 502} {
		_, done, err = odd.ListDesktopDetachInfo(me, name, "d").Execute()
		check(err != nil && done.StatusCode == status, name, done, err)
	}
}
