"""Calls the sandbox as a client would: replace this by tests of yours."""

import json
import urllib.request

PROJECT = "0bec5db98280d2d02fd6c00c2de791ce"
DESKTOP = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001"


def call(url, body=None):
    request = urllib.request.Request(url, headers={"X-Auth-Token": "sandbox-token", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, json.dumps(body).encode() if body else None) as response:
        return json.load(response)


def test_an_unbinding_is_recorded(sandbox_url):
    desktops = f"{sandbox_url}/v2/{PROJECT}/desktops"
    outcome = call(f"{desktops}/batch-detach", {"desktops": [{"desktop_id": DESKTOP, "is_detach_all_users": True}]})
    assert not outcome.get("failed_operation_list")
    users = [record["user_name"] for record in call(f"{desktops}/{DESKTOP}/detach-info")["desktop_detach_infos"]]
    assert "li-na" in users


def test_every_test_has_a_fresh_sandbox(sandbox_url):
    known = json.load(urllib.request.urlopen(f"{sandbox_url}/_sandbox/state"))
    states = {desktop["id"]: desktop["state"] for project in known["projects"] for desktop in project["desktops"]}
    assert states[DESKTOP] == "ACTIVE"
