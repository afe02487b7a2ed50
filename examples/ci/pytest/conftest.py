"""Fixtures that start the sandbox of Huawei Cloud Workspace once, and put it back to the start for each test."""

import subprocess
import urllib.request

import pytest


@pytest.fixture(scope="session")
def sandbox_process_url():
    """Starts the sandbox on a free port; its first line is its base URL."""
    command = ["workspace", "sandbox", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        assert url, "the sandbox did not start"
        yield url
        process.terminate()


@pytest.fixture
def sandbox_url(sandbox_process_url):
    """The base URL of a sandbox in its initial state."""
    reset = urllib.request.Request(f"{sandbox_process_url}/_sandbox/state", method="DELETE")
    urllib.request.urlopen(reset).close()
    return sandbox_process_url
