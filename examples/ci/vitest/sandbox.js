// Vitest's global setup: starts the sandbox of Huawei Cloud Workspace once, and stops it when the tests are done.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export default async function setup({ provide }) {
  const sandbox = spawn("workspace", ["sandbox", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(sandbox, "exit");
  // The first line is the base URL; without one, the sandbox could not start.
  const lines = createInterface({ input: sandbox.stdout });
  const first = await Promise.race([once(lines, "line"), exited.then(() => undefined)]);
  if (!first) throw new Error("the sandbox did not start");
  provide("sandboxUrl", first[0]);
  return async () => {
    sandbox.kill();
    await exited;
  };
}
