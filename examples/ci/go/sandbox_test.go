// Package sandbox shows tests that call the sandbox of Huawei Cloud Workspace.
package sandbox

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const (
	project = "0bec5db98280d2d02fd6c00c2de791ce"
	desktop = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001"
)

var sandboxURL string

// TestMain starts the sandbox on a free port, and waits for its first line, which is its base URL.
func TestMain(m *testing.M) {
	os.Exit(withSandbox(m.Run))
}

func withSandbox(run func() int) int {
	command := exec.Command("workspace", "sandbox", "--listen", "127.0.0.1:0")
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the sandbox did not start:", err)
		return 1
	}
	defer command.Wait()
	defer command.Process.Kill() // Works on Windows too, and the sandbox has nothing to save.
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		fmt.Fprintln(os.Stderr, "the sandbox did not say where it is:", err)
		return 1
	}
	sandboxURL = strings.TrimSpace(line)
	return run()
}

// Calls the sandbox as a client would: replace it by tests of yours.
func TestRecordsCanBeRead(t *testing.T) {
	request, err := http.NewRequest("GET", sandboxURL+"/v2/"+project+"/desktops/"+desktop+"/detach-info", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Auth-Token", "sandbox-token")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
}
