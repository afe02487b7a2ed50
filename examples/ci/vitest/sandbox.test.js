// Calls the sandbox as a client would: replace this by tests of yours.
import { expect, inject, test } from "vitest";

const project = "0bec5db98280d2d02fd6c00c2de791ce";
const desktop = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";

test("records can be read", async () => {
  const url = `${inject("sandboxUrl")}/v2/${project}/desktops/${desktop}/detach-info`;
  const response = await fetch(url, { headers: { "X-Auth-Token": "sandbox-token" } });
  expect(response.status).toBe(200);
});
