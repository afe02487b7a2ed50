// Calls the three operations with the client of one generator, named by the argument, and checks
// typed results and errors.
import { ApiError, DesktopsService, OpenAPI } from "./openapi-typescript-codegen";
import { batchDetachInstances, batchLogoffDesktops, listDesktopDetachInfo } from "./hey-api";
import { client } from "./hey-api/client.gen";
import * as orval from "./orval/client";

declare const process: { argv: string[]; env: Record<string, string | undefined>; exit(status: number): void };

const baseUrl = process.env["BASE_URL"] ?? "";
const headers = { "X-Auth-Token": "sandbox-token" };
const project_id = "0bec5db98280d2d02fd6c00c2de791ce";
const [SINGLE, MULTI, BUSY] = [1, 2, 4].map((n) => `4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f000${n}`) as [string, string, string];

type Failure = { desktop_id?: string; error_code?: string };
type Result = { status: number; code?: string | undefined };

/** What each generated client must be able to do. */
interface Calls {
  detachAll(ids: string[]): Promise<Failure[]>;
  users(id: string): Promise<(string | undefined)[]>;
  logOff(id: string): Promise<Result>;
}

const message = "请保存您的工作。";
const desktops = (ids: string[]) => ids.map((desktop_id) => ({ desktop_id, is_detach_all_users: true }));

OpenAPI.BASE = baseUrl;
OpenAPI.HEADERS = headers;
client.setConfig({ baseUrl, headers });

const clients: Record<string, Calls> = {
  "openapi-typescript-codegen": {
    async detachAll(ids) {
      const result = await DesktopsService.batchDetachInstances(project_id, { desktops: desktops(ids) });
      return result.failed_operation_list ?? [];
    },
    async users(id) {
      const result = await DesktopsService.listDesktopDetachInfo(project_id, id);
      return (result.desktop_detach_infos ?? []).map((record) => record.user_name);
    },
    async logOff(id) {
      try {
        await DesktopsService.batchLogoffDesktops(project_id, { desktop_ids: [id], message });
        return { status: 200 };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return { status: error.status };
      }
    },
  },
  "hey-api": {
    async detachAll(ids) {
      const { data } = await batchDetachInstances({ path: { project_id }, body: { desktops: desktops(ids) }, throwOnError: true });
      return data.failed_operation_list ?? [];
    },
    async users(desktop_id) {
      const { data } = await listDesktopDetachInfo({ path: { project_id, desktop_id }, throwOnError: true });
      return (data.desktop_detach_infos ?? []).map((record) => record.user_name);
    },
    async logOff(id) {
      const { error, response } = await batchLogoffDesktops({ path: { project_id }, body: { desktop_ids: [id], message } });
      return { status: response?.status ?? 0, code: error?.error_code };
    },
  },
  orval: {
    async detachAll(ids) {
      const { data, status } = await orval.batchDetachInstances(project_id, { desktops: desktops(ids) }, { headers });
      if (status !== 200) throw new Error(`${status}: ${data.error_code}`);
      return data.failed_operation_list ?? [];
    },
    async users(id) {
      const { data, status } = await orval.listDesktopDetachInfo(project_id, id, { headers });
      if (status !== 200) throw new Error(`${status}: ${data.error_code}`);
      return (data.desktop_detach_infos ?? []).map((record) => record.user_name);
    },
    async logOff(id) {
      const { data, status } = await orval.batchLogoffDesktops(project_id, { desktop_ids: [id], message }, { headers });
      return { status, code: data?.error_code };
    },
  },
};

function check(what: string, actual: unknown, expected: unknown) {
  const [got, want] = [actual, expected].map((value) => JSON.stringify(value));
  if (got !== want) throw new Error(`${what}: got ${got} in place of ${want}`);
}

async function main(name: string) {
  const calls = clients[name];
  if (!calls) throw new Error(`unknown client ${name}`);
  const failed = await calls.detachAll([SINGLE, BUSY, "未知"]);
  check("failed ids", failed.map(({ desktop_id }) => desktop_id), [BUSY, "未知"]);
  check("code", failed[0]?.error_code, "WKS.00010032");
  check("users", await calls.users(SINGLE), ["omar", "li-na"]);
  check("log-off", (await calls.logOff(MULTI)).status, 200);
  const conflict = await calls.logOff(BUSY);
  check("status of a rejected log-off", conflict.status, 409);
  // This generator loses the body of an error if the success has none.
  if (name !== "openapi-typescript-codegen") check("its code", conflict.code, "WKS.00010032");
}

main(process.argv[2] ?? "").catch((error) => {
  console.error(error);
  process.exit(1);
});
