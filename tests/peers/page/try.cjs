// A person opens the page in Chromium, tries an operation and sees the answer; nothing is loaded from anywhere else.
const assert = require("node:assert/strict");
const path = require("node:path");
const { chromium } = require("playwright-core");

const origin = process.env.BASE_URL;

async function main() {
  const context = await chromium.launchPersistentContext(path.join(process.env.SCRATCH, "profile"), {
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const page = await context.newPage();
  const requested = [];
  const complaints = [];
  context.on("request", (request) => requested.push(request.url()));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));

  await page.goto(`${origin}/`);
  const operations = page.locator(".opblock");
  await operations.nth(2).waitFor();
  assert.equal(await operations.count(), 3);

  // The fields are filled with the contract's examples, which are the default project and desktop, and the token is set.
  const read = page.locator("#operations-Desktops-ListDesktopDetachInfo");
  await read.locator(".opblock-summary-control").click();
  await read.getByRole("button", { name: "Execute" }).click();
  const answer = read.locator(".live-responses-table");
  await answer.waitFor();
  assert.equal((await answer.locator(".response-col_status").last().innerText()).trim().split(/\s/)[0], "200");
  const body = await answer.locator(".highlight-code").first().innerText();
  assert.match(body, /"desktop_name": "design-01"/);
  await page.screenshot({ path: path.join(process.env.SCRATCH, "page.png"), fullPage: true });

  const detach = page.locator("#operations-Desktops-BatchDetachInstances");
  await detach.locator(".opblock-summary-control").click();
  await detach.locator("textarea.body-param__text").fill(
    JSON.stringify({ desktops: [{ desktop_id: "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0003", is_detach_all_users: true }] }),
  );
  await detach.getByRole("button", { name: "Execute" }).click();
  await detach.locator(".live-responses-table .highlight-code").first().waitFor();
  const state = await (await fetch(`${origin}/_sandbox/state`)).json();
  assert.deepEqual(state.projects[0].desktops[2].bound, [], "the pool's desktop was unbound from the page");

  const elsewhere = requested.filter((url) => !url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url));
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(complaints, []);
  await context.close();
  console.log(`2 operations tried, ${requested.length} requests, none to anywhere else`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
