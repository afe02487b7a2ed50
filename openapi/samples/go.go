package main

import (
	"context"
	"fmt"
	"log"

	"sample/workspace"
)

func main() {
	settings := workspace.NewConfiguration()
	settings.Servers = workspace.ServerConfigurations{{URL: "http://127.0.0.1:8437"}}
	keys := map[string]workspace.APIKey{"UserToken": {Key: "sandbox-token"}}
	ctx := context.WithValue(context.Background(), workspace.ContextAPIKeys, keys)

	request := workspace.BatchDetachInstancesReq{}
	for _, id := range []string{"4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001", "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004"} {
		request.Desktops = append(request.Desktops, workspace.DetachInstancesDesktopInfo{
			DesktopId: workspace.PtrString(id), IsDetachAllUsers: workspace.PtrBool(true),
		})
	}
	desktops := workspace.NewAPIClient(settings).DesktopsAPI
	response, _, err := desktops.BatchDetachInstances(ctx, "0bec5db98280d2d02fd6c00c2de791ce").BatchDetachInstancesReq(request).Execute()
	if err != nil {
		log.Fatal(err)
	}
	for _, failure := range response.GetFailedOperationList() {
		fmt.Printf("%s failed: %s %s\n", failure.GetDesktopId(), failure.GetErrorCode(), failure.GetErrorMsg())
	}
}
