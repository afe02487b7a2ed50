"""Compares the vendor's core with the command: the same variables and files must lead both to the
same identity and the same project, or the command must refuse."""

import json
import logging
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.auth.internal import MetadataAccessor
from huaweicloudsdkcore.auth.provider import CredentialProviderChain
from huaweicloudsdkcore.client import Client, ClientBuilder
from huaweicloudsdkcore.region.region import Region

URL = os.environ["BASE_URL"]
SCRATCH = Path(os.environ["SCRATCH"])
WORKSPACE = os.environ["WORKSPACE_SANDBOX"].split()[0]
REGION = "ap-southeast-1"
DESKTOP = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001"
PROJECT = "0bec5db98280d2d02fd6c00c2de791ce"
ACCOUNT = "9c2e7a4b6d8f4013b5a6c7d8e9f00112"

# What the two programs do: the same, or one of them refuses. The core knows only the variables of
# the vendor's SDKs; where it would continue with another identity, the command stops.
SAME, COMMAND_REFUSES, CORE_REFUSES, BOTH_REFUSE = "same", "command refuses", "core refuses", "both refuse"
# The core ignores the variable of the project when it uses a profile; the command honours it.
OTHER = "same identity, project of the variable"

# The paths that issue credentials.
ISSUERS = {
    "/v3/auth/tokens": "password",
    "/v3.0/OS-AUTH/id-token/tokens": "identity provider",
    "/v3.0/OS-CREDENTIAL/securitytokens": "temporary key of IAM",
    "/v5/agencies/assume-with-oidc": "OIDC",
    "/v5/agencies/assume": "agency of STS",
    "/pod-identity": "pod",
}

AK = {"HUAWEICLOUD_SDK_AK": "SANDBOXACCESSKEY", "HUAWEICLOUD_SDK_SK": "sandbox-secret-key"}
TEMPORARY = {
    "HUAWEICLOUD_SDK_AK": "SANDBOXTEMPORARYKEY",
    "HUAWEICLOUD_SDK_SK": "sandbox-temporary-secret-key",
    "HUAWEICLOUD_SDK_SECURITY_TOKEN": "sandbox-security-token",
}
OIDC = {
    "HUAWEICLOUD_OIDC_PROVIDER_URN": f"iam::{ACCOUNT}:oidcProvider:sandbox-idp",
    "HUAWEICLOUD_OIDC_AGENCY_URN": f"iam::{ACCOUNT}:agency:sandbox-agency",
}
OIDC_TOKEN = {**OIDC, "HUAWEICLOUD_OIDC_ID_TOKEN": "sandbox-id-token"}
OIDC_FILE = {**OIDC, "HUAWEICLOUD_OIDC_TOKEN_FILE": "~/id-token"}
IDP = {"HUAWEICLOUD_SDK_IDP_ID": "sandbox-idp", "HUAWEICLOUD_SDK_ID_TOKEN_FILE": "~/id-token"}
POD = {
    "HC_CONTAINER_CREDENTIALS_FULL_URI": f"{URL}/pod-identity",
    "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE": "~/pod-token",
}
PROJECT_ID = {"HUAWEICLOUD_SDK_PROJECT_ID": PROJECT}
OTHER_PROJECT = {"HUAWEICLOUD_SDK_PROJECT_ID": "0bec5db98280d2d02fd6c00c2de79fff"}
HW = {"HW_ACCESS_KEY": "SANDBOXTEMPORARYKEY", "HW_SECRET_KEY": "sandbox-temporary-secret-key",
      "HW_SECURITY_TOKEN": "sandbox-security-token"}
LOGIN = {"HW_USER_NAME": "sandbox", "HW_USER_PASSWORD": "sandbox-password", "HW_DOMAIN_NAME": "sandbox-account"}
AGENCY = {"HW_ASSUME_ROLE_AGENCY_NAME": "sandbox-agency", "HW_ASSUME_ROLE_DOMAIN_NAME": "sandbox-account"}

FILES = {"id-token": "sandbox-id-token\n", "pod-token": "sandbox-pod-token\n"}
IN_HOME = ".huaweicloud/credentials"
KEYS = "ak = SANDBOXACCESSKEY\nsk = sandbox-secret-key\n"
FEDERATED = "idp_id = sandbox-idp\nid_token_file = ~/id-token\n"


def profile(*lines):
    return {IN_HOME: "[basic]\n" + "".join(lines)}


KOOCLI = {".hcloud/config.json": json.dumps({"current": "default", "profiles": [{
    "name": "default", "mode": "AKSK", "accessKeyId": "SANDBOXTEMPORARYKEY",
    "secretAccessKey": "sandbox-temporary-secret-key", "securityToken": "sandbox-security-token"}]})}

# Name, variables, files, and what is expected.
COMBINATIONS = [
    ("nothing", {}, {}, BOTH_REFUSE),
    ("keys", AK, {}, SAME),
    ("keys and project", {**AK, **PROJECT_ID}, {}, SAME),
    ("keys and another project", {**AK, **OTHER_PROJECT}, {}, SAME),
    ("temporary keys", TEMPORARY, {}, SAME),
    ("access key alone", {"HUAWEICLOUD_SDK_AK": "SANDBOXACCESSKEY"}, {}, BOTH_REFUSE),
    ("access key alone, profile", {"HUAWEICLOUD_SDK_AK": "SANDBOXACCESSKEY"}, profile(KEYS), COMMAND_REFUSES),
    ("security token alone, profile", {"HUAWEICLOUD_SDK_SECURITY_TOKEN": "x"}, profile(KEYS), COMMAND_REFUSES),
    ("empty keys, profile", {"HUAWEICLOUD_SDK_AK": "", "HUAWEICLOUD_SDK_SK": ""}, profile(KEYS), SAME),
    ("wrong secret key", {**AK, "HUAWEICLOUD_SDK_SK": "wrong-secret-key"}, {}, BOTH_REFUSE),
    ("OIDC token", OIDC_TOKEN, {}, SAME),
    ("OIDC file", OIDC_FILE, {}, SAME),
    ("OIDC token before file", {**OIDC_FILE, **OIDC_TOKEN}, {}, SAME),
    ("OIDC before keys", {**OIDC_TOKEN, **TEMPORARY}, {}, SAME),
    ("OIDC before an identity provider", {**OIDC_FILE, **IDP}, {}, SAME),
    ("OIDC before a profile", OIDC_TOKEN, profile(KEYS), SAME),
    ("OIDC and project", {**OIDC_TOKEN, **OTHER_PROJECT}, {}, SAME),
    ("OIDC details", {**OIDC_TOKEN, "HUAWEICLOUD_OIDC_SESSION_NAME": "ci", "HUAWEICLOUD_OIDC_DURATION_SECONDS": "7200",
                      "HUAWEICLOUD_OIDC_POLICY_IDS": "a, b"}, {}, SAME),
    ("OIDC without an agency, keys", {"HUAWEICLOUD_OIDC_PROVIDER_URN": "x", **AK}, {}, COMMAND_REFUSES),
    ("OIDC without a token, keys", {**OIDC, **AK}, {}, COMMAND_REFUSES),
    ("OIDC with a missing file, keys", {**OIDC, "HUAWEICLOUD_OIDC_TOKEN_FILE": "~/no", **AK}, {}, COMMAND_REFUSES),
    ("OIDC with a wrong token, keys", {**OIDC, "HUAWEICLOUD_OIDC_ID_TOKEN": "wrong-id-token", **AK}, {}, BOTH_REFUSE),
    ("OIDC details alone, keys", {"HUAWEICLOUD_OIDC_SESSION_NAME": "ci", **AK}, {}, SAME),
    ("identity provider", IDP, {}, SAME),
    ("identity provider before keys", {**IDP, **TEMPORARY}, {}, SAME),
    ("identity provider and project", {**IDP, **PROJECT_ID}, {}, SAME),
    ("identity provider before a profile", IDP, profile(KEYS), SAME),
    ("half an identity provider, keys", {"HUAWEICLOUD_SDK_IDP_ID": "sandbox-idp", **AK}, {}, COMMAND_REFUSES),
    ("half an identity provider", {"HUAWEICLOUD_SDK_IDP_ID": "sandbox-idp"}, {}, BOTH_REFUSE),
    ("profile", {}, profile(KEYS), SAME),
    ("profile with project", {}, profile(KEYS, f"project_id = {PROJECT}\n"), SAME),
    ("profile, project in a variable", OTHER_PROJECT, profile(KEYS), OTHER),
    ("profile with an endpoint of IAM", {"HUAWEICLOUD_SDK_IAM_ENDPOINT": ""}, profile(KEYS, f"iam_endpoint = {URL}\n"), SAME),
    ("profile with an identity provider", {}, profile(FEDERATED), SAME),
    ("profile with both", {}, profile(KEYS, FEDERATED), SAME),
    ("profile without a secret key", {}, profile("ak = SANDBOXACCESSKEY\n"), BOTH_REFUSE),
    ("profile of another section", {}, {IN_HOME: "[global]\n" + KEYS}, BOTH_REFUSE),
    ("profile with an entry twice", {}, profile(KEYS, "ak = OTHER\n"), BOTH_REFUSE),
    ("profile elsewhere", {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": "~/elsewhere"}, {"elsewhere": "[basic]\n" + KEYS}, SAME),
    ("keys before a profile", TEMPORARY, profile(KEYS), SAME),
    ("pod", POD, {}, SAME),
    ("pod and project", {**POD, **PROJECT_ID}, {}, SAME),
    ("profile before a pod", POD, profile(KEYS), SAME),
    ("pod without a token", {"HC_CONTAINER_CREDENTIALS_FULL_URI": POD["HC_CONTAINER_CREDENTIALS_FULL_URI"]}, {},
     BOTH_REFUSE),
    ("keys before Terraform's", {**AK, **HW}, {}, SAME),
    ("keys before a password", {**AK, **LOGIN}, {}, SAME),
    ("keys without Terraform's agency", {**AK, **AGENCY}, {}, SAME),
    ("profile and Terraform's agency", AGENCY, profile(KEYS), COMMAND_REFUSES),
    ("profile before KooCLI", {}, {**profile(KEYS), **KOOCLI}, SAME),
    ("pod and KooCLI's encrypted file", POD, {".hcloud/config.json": json.dumps({"current": "default", "profiles": [
        {"name": "default", "accessKeyId": "0" * 96, "secretAccessKey": "0" * 128, "projectId": "other"}]})}, SAME),
    ("Terraform's keys", HW, {}, CORE_REFUSES),
    ("Terraform's token", {"HW_AUTH_TOKEN": "sandbox-token"}, {}, CORE_REFUSES),
    ("Terraform's password", LOGIN, {}, CORE_REFUSES),
    ("Terraform's agency", {**HW, **AGENCY}, {}, CORE_REFUSES),
    ("KooCLI", {}, KOOCLI, CORE_REFUSES),
]


def environment(number, variables, files):
    """Writes the files of a combination and returns its variables; `~` is its home folder."""
    home = SCRATCH / str(number)
    shutil.rmtree(home, ignore_errors=True)

    def expand(text):
        return text.replace("~/", f"{home}/")

    for name, text in {**FILES, **files}.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(expand(text))
    common = {
        "HOME": str(home),
        "HW_REGION_NAME": REGION,
        f"HUAWEICLOUD_SDK_REGION_WORKSPACE_{REGION.upper().replace('-', '_')}": URL,
        "HUAWEICLOUD_SDK_IAM_ENDPOINT": URL,
        "HUAWEICLOUD_SDK_STS_ENDPOINT": URL,
    }
    own = {name: expand(value) for name, value in variables.items()}
    return {**common, **own}


def http(method, path):
    with urllib.request.urlopen(urllib.request.Request(URL + path, method=method)) as response:
        body = response.read()
        return json.loads(body) if body else None


def observed(call):
    """Returns who the sandbox saw during a call, for which project, and with which status."""
    http("DELETE", "/_sandbox/requests")
    call()
    issuers, last = [], None
    for request in http("GET", "/_sandbox/requests")["requests"]:
        issuer = ISSUERS.get(request["path"])
        if issuer and request["status"] < 300:
            issuers.append(issuer)
        if request["path"].startswith("/v2/"):
            last = request
    if last is None or last["status"] == 401:
        return None
    headers = {name.lower(): value for name, value in last["headers"]}
    key = headers.get("authorization", "").partition("Access=")[2].partition(",")[0]
    # A key that was issued has another id each time.
    identity = issuers or [key or "token"]
    return identity, last["path"].split("/")[2], last["status"]


def ask_core(variables):
    os.environ.clear()
    os.environ.update(variables)
    BasicCredentials._CACHE.clear()
    try:
        # A builder without credentials would look for the section [basiccredentials] of a profile.
        credentials = CredentialProviderChain.get_basic().get_credentials()
        builder = ClientBuilder(Client).with_credentials(credentials)
        client = builder.with_region(Region(REGION, URL)).build()
        path = f"/v2/{{project_id}}/desktops/{DESKTOP}/detach-info"
        client.do_http_request("GET", path, response_type="str")
    except Exception as error:  # noqa: BLE001, the core raises errors of every kind
        return f"{type(error).__name__}: {error}"
    return None


def ask_command(variables):
    command = [WORKSPACE, "detach-info", DESKTOP, "--json"]
    result = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60)
    return result.stderr


def compare(core, command):
    if core is None or command is None:
        return {
            (True, True): BOTH_REFUSE,
            (True, False): CORE_REFUSES,
            (False, True): COMMAND_REFUSES,
        }[core is None, command is None]
    if core == command:
        return SAME
    is_of_variable = core[0] == command[0] and command[1] == OTHER_PROJECT["HUAWEICLOUD_SDK_PROJECT_ID"]
    return OTHER if is_of_variable else "different"


def main():
    logging.disable(logging.CRITICAL)
    # Without a metadata service. A failed connection would end the core's chain before the pod.
    MetadataAccessor._METADATA_ENDPOINT = f"{URL}/no-metadata"
    failures, own = [], dict(os.environ)
    for number, (name, variables, files, expected) in enumerate(COMBINATIONS):
        prepared = environment(number, variables, files)
        messages = {}
        core = observed(lambda: messages.update(core=ask_core(prepared)))
        os.environ.clear()
        os.environ.update(own)
        command = observed(lambda: messages.update(command=ask_command(prepared)))
        outcome = compare(core, command)
        if outcome != expected:
            failures.append(f"{name}: {outcome} instead of {expected}\n  core {core}: {messages['core']}\n"
                            f"  command {command}: {messages['command']}")
    print("\n".join(failures))
    if failures:
        sys.exit(f"{len(failures)} of {len(COMBINATIONS)} combinations differ")
    print(f"{len(COMBINATIONS)} combinations: the same identity and project, or a refusal")


main()
