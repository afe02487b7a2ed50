// The three operations through openapi-fetch and the types that openapi-typescript generates, strictly checked.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type DesktopDetachInfo = components["schemas"]["DesktopDetachInfo"];
type ErrorResponse = components["schemas"]["ErrorResponse"];

const { SANDBOX_URL = "", SANDBOX_PROJECT_ID = "", SANDBOX_TOKEN = "", ODD_URL = "" } = process.env;
const project = { project_id: SANDBOX_PROJECT_ID };
const [single, multi, pool, busy] = ([1, 2, 3, 4] as const).map((n) => `4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f000${n}`) as
  [string, string, string, string];

const connect = (baseUrl: string, token: string) =>
  createClient<paths>({ baseUrl, headers: { "X-Auth-Token": token } });
const client = connect(SANDBOX_URL, SANDBOX_TOKEN);

const history = (id: string, project_id = project.project_id, from = client) =>
  from.GET("/v2/{project_id}/desktops/{desktop_id}/detach-info", { params: { path: { project_id, desktop_id: id } } });

async function records(...of: Parameters<typeof history>): Promise<DesktopDetachInfo[]> {
  const { data, error } = await history(...of);
  assert.equal(error, undefined);
  return data?.desktop_detach_infos ?? [];
}

// Who was unbound before.
const before = await records(single);
assert.deepEqual(before.map((record) => [record.user_name, record.type, record.detach_time]),
  [["omar", "USER", "2026-03-10T12:02:11Z"]]);

// A user, a user group and all users; a busy desktop and an unknown one fail under status 200.
const unbound = await client.POST("/v2/{project_id}/desktops/batch-detach", {
  params: { path: project },
  body: {
    desktops: [
      { desktop_id: single, detach_user_infos: [{ user_name: "li-na" }] },
      { desktop_id: multi, detach_user_infos: [{ user_name: "designers", type: "GROUP" }] },
      { desktop_id: pool, is_detach_all_users: true },
      { desktop_id: busy, is_detach_all_users: true },
      { desktop_id: "unknown", is_detach_all_users: true },
    ],
  },
});
const failed = unbound.data?.failed_operation_list ?? [];
assert.deepEqual(failed.map((failure) => failure.desktop_id), [busy, "unknown"]);
assert.equal(failed[0]?.error_code, "WKS.00010032");
assert.ok(failed[1]?.error_msg);
assert.ok(unbound.data?.job_id);
assert.equal(unbound.data?.success_job_ids?.length, 2);

assert.deepEqual((await records(single)).map((record) => record.user_name), ["omar", "li-na"]);
assert.deepEqual((await records(multi)).map((record) => [record.user_name, record.type]), [["designers", "GROUP"]]);
assert.deepEqual((await records(pool)).map((record) => record.user_name).sort(), ["tomas", "测试组"]);

// The log-off answers without a body.
const logOff = (desktop_ids: string[]) =>
  client.POST("/v2/{project_id}/desktops/logoff", { params: { path: project }, body: { desktop_ids, message: "Save." } });
const done = await logOff([multi]);
assert.deepEqual([done.response.status, done.error], [200, undefined]);
assert.ok(done.response.headers.get("X-Request-Id"));

// Errors are values of one type.
const refused: ErrorResponse | undefined = (await logOff([busy])).error;
assert.equal(refused?.error_code, "WKS.00010032");
assert.ok(refused?.error_detail);
const empty = await client.POST("/v2/{project_id}/desktops/batch-detach", { params: { path: project }, body: {} });
assert.deepEqual([empty.response.status, empty.error?.error_code], [400, "WKS.0001"]);
const missing = await history("unknown");
assert.equal(missing.response.status, 404);
assert.ok(missing.error?.error_msg);
const stranger = await history(single, project.project_id, connect(SANDBOX_URL, "wrong"));
assert.deepEqual([stranger.response.status, stranger.error?.error_code], [401, "APIGW.0301"]);
assert.equal(stranger.error?.request_id, stranger.response.headers.get("X-Request-Id"));

// What the contract does not allow does not compile.
// @ts-expect-error the type is USER or GROUP
const robot: components["schemas"]["DetachInstancesUserInfo"] = { user_name: "li-na", type: "ROBOT" };
// @ts-expect-error a user has a name
const nobody: components["schemas"]["DetachInstancesUserInfo"] = { type: "USER" };
assert.ok(robot && nobody);

// Answers that the contract allows, and statuses that it does not list.
const odd = connect(ODD_URL, "any");
assert.deepEqual([await records("d", "nulls", odd), await records("d", "absent", odd)], [[], []]);
const nulls = await odd.POST("/v2/{project_id}/desktops/batch-detach", { params: { path: { project_id: "nulls" } }, body: {} });
assert.deepEqual([nulls.data?.failed_operation_list ?? [], nulls.data?.success_job_ids ?? []], [[], []]);
const [future] = await records("d", "future", odd);
assert.deepEqual([future?.type, future?.user_group], ["ROBOT", "pilots"]);
const forbidden = await history("d", "forbidden", odd);
assert.equal(forbidden.error?.encoded_authorization_message, "XvVh3bJ5");
for (const [name, status] of [["throttled", 429], ["proxy", 502]] as const) {
  const { data, error, response } = await history("d", name, odd);
  assert.deepEqual([response.status, data], [status, undefined]);
  assert.ok(error);
}
