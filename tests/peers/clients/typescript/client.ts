// Calls the three operations with openapi-fetch and the types that openapi-typescript generates,
// and checks typed results and errors.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type DesktopDetachInfo = components["schemas"]["DesktopDetachInfo"];
type DetachInstancesUserInfo = components["schemas"]["DetachInstancesUserInfo"];
type ErrorResponse = components["schemas"]["ErrorResponse"];
type Client = ReturnType<typeof connect>;

const { SANDBOX_URL = "", SANDBOX_TOKEN = "", EDGE_URL = "" } = process.env;
const PROJECT = process.env["SANDBOX_PROJECT_ID"] ?? "";
const SINGLE = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";
const MULTI = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002";
const POOL = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0003";
const BUSY = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004";

function connect(baseUrl: string, token: string) {
  return createClient<paths>({ baseUrl, headers: { "X-Auth-Token": token } });
}

function detachInfo(client: Client, project_id: string, desktop_id: string) {
  return client.GET("/v2/{project_id}/desktops/{desktop_id}/detach-info", {
    params: { path: { project_id, desktop_id } },
  });
}

function logOff(client: Client, desktop_id: string) {
  return client.POST("/v2/{project_id}/desktops/logoff", {
    params: { path: { project_id: PROJECT } },
    body: { desktop_ids: [desktop_id], message: "Logged off for maintenance." },
  });
}

async function records(client: Client, project_id: string, desktop_id: string) {
  const { data, error } = await detachInfo(client, project_id, desktop_id);
  assert.equal(error, undefined);
  const records: DesktopDetachInfo[] = data?.desktop_detach_infos ?? [];
  return records;
}

const client = connect(SANDBOX_URL, SANDBOX_TOKEN);

// The records of past unbindings.
const before = await records(client, PROJECT, SINGLE);
assert.equal(before.length, 1);
assert.equal(before[0]?.user_name, "omar");
assert.equal(before[0]?.type, "USER");
assert.equal(before[0]?.detach_time, "2026-03-10T12:02:11Z");

// A user, a user group and all users. For a busy and an unknown desktop, the unbinding fails with
// status 200.
const unbinding = await client.POST("/v2/{project_id}/desktops/batch-detach", {
  params: { path: { project_id: PROJECT } },
  body: {
    desktops: [
      { desktop_id: SINGLE, detach_user_infos: [{ user_name: "li-na" }] },
      { desktop_id: MULTI, detach_user_infos: [{ user_name: "designers", type: "GROUP" }] },
      { desktop_id: POOL, is_detach_all_users: true },
      { desktop_id: BUSY, is_detach_all_users: true },
      { desktop_id: "unknown", is_detach_all_users: true },
    ],
  },
});
const failed = unbinding.data?.failed_operation_list ?? [];
assert.deepEqual(failed.map((failure) => failure.desktop_id), [BUSY, "unknown"]);
assert.equal(failed[0]?.error_code, "WKS.00010032");
assert.ok(failed[1]?.error_msg);
assert.ok(unbinding.data?.job_id);
assert.equal(unbinding.data?.success_job_ids?.length, 2);

async function unboundFrom(desktop_id: string) {
  const found = await records(client, PROJECT, desktop_id);
  return found.map((record) => `${record.type} ${record.user_name}`);
}
assert.deepEqual(await unboundFrom(SINGLE), ["USER omar", "USER li-na"]);
assert.deepEqual(await unboundFrom(MULTI), ["GROUP designers"]);
assert.deepEqual((await unboundFrom(POOL)).sort(), ["GROUP 测试组", "USER tomas"]);

// The response to a log-off has no body.
const loggedOff = await logOff(client, MULTI);
assert.deepEqual([loggedOff.response.status, loggedOff.error], [200, undefined]);
assert.ok(loggedOff.response.headers.get("X-Request-Id"));

// Errors are values of one type.
const conflict: ErrorResponse | undefined = (await logOff(client, BUSY)).error;
assert.equal(conflict?.error_code, "WKS.00010032");
assert.ok(conflict?.error_detail);
const empty = await client.POST("/v2/{project_id}/desktops/batch-detach", {
  params: { path: { project_id: PROJECT } },
  body: {},
});
assert.deepEqual([empty.response.status, empty.error?.error_code], [400, "WKS.0001"]);
const missing = await detachInfo(client, PROJECT, "unknown");
assert.equal(missing.response.status, 404);
assert.ok(missing.error?.error_msg);
const unauthorized = await detachInfo(connect(SANDBOX_URL, "wrong"), PROJECT, SINGLE);
const requestId = unauthorized.response.headers.get("X-Request-Id");
assert.equal(unauthorized.response.status, 401);
assert.equal(unauthorized.error?.error_code, "APIGW.0301");
assert.equal(unauthorized.error?.request_id, requestId);

// Invalid requests do not compile.
// @ts-expect-error the type is USER or GROUP
const robot: DetachInstancesUserInfo = { user_name: "li-na", type: "ROBOT" };
// @ts-expect-error user_name is required
const unnamed: DetachInstancesUserInfo = { type: "USER" };
assert.ok(robot && unnamed);

// Unusual responses that the contract allows, and statuses that it does not list.
const edge = connect(EDGE_URL, "any");
assert.deepEqual(await records(edge, "nulls", "d"), []);
assert.deepEqual(await records(edge, "absent", "d"), []);
const nulls = await edge.POST("/v2/{project_id}/desktops/batch-detach", {
  params: { path: { project_id: "nulls" } },
  body: {},
});
assert.deepEqual(nulls.data?.failed_operation_list ?? [], []);
assert.deepEqual(nulls.data?.success_job_ids ?? [], []);
const [future] = await records(edge, "future", "d");
assert.deepEqual([future?.type, future?.user_group], ["ROBOT", "pilots"]);
const forbidden = await detachInfo(edge, "forbidden", "d");
assert.equal(forbidden.error?.encoded_authorization_message, "XvVh3bJ5");
for (const [project_id, status] of [["throttled", 429], ["proxy", 502]] as const) {
  const { data, error, response } = await detachInfo(edge, project_id, "d");
  assert.deepEqual([response.status, data], [status, undefined]);
  assert.ok(error);
}
