import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const client = createClient<paths>({
  baseUrl: "http://127.0.0.1:8437",
  headers: { "X-Auth-Token": "sandbox-token" },
});
const ids = ["4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001", "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004"];
const { data, error, response } = await client.POST("/v2/{project_id}/desktops/batch-detach", {
  params: { path: { project_id: "0bec5db98280d2d02fd6c00c2de791ce" } },
  body: { desktops: ids.map((desktop_id) => ({ desktop_id, is_detach_all_users: true })) },
});
// openapi-fetch does not throw: without this check, an error reads as "nothing failed".
if (!data) throw new Error(`${response.status}: ${JSON.stringify(error)}`);
for (const { desktop_id, error_code, error_msg } of data.failed_operation_list ?? []) {
  console.log(`${desktop_id} failed: ${error_code} ${error_msg}`);
}
