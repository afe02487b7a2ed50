// Opens the sandbox's page in Chromium and tries two operations as a user does. The page must load
// nothing from another server, and have no serious finding of axe in light and in dark mode.
const assert = require("node:assert/strict");
const path = require("node:path");
const { source: axe } = require("axe-core");
const { chromium } = require("playwright-core");

const origin = process.env.BASE_URL;
const scratch = process.env.SCRATCH;

async function main() {
  const context = await chromium.launchPersistentContext(path.join(scratch, "profile"), {
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
  const requests = [];
  const errors = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });

  await page.goto(`${origin}/`);
  // A color in the middle of a transition has another contrast.
  await page.addStyleTag({ content: "* { transition: none !important; }" });
  const operations = page.locator(".opblock");
  await operations.nth(2).waitFor();
  assert.equal(await operations.count(), 3);

  await listRecords(page);
  await page.screenshot({ path: path.join(scratch, "page.png"), fullPage: true });
  await unbindPoolDesktop(page);
  await reset(page);
  for (const colorScheme of ["light", "dark"]) await checkAccessibility(page, colorScheme);

  const isLocal = (url) => url.startsWith(`${origin}/`) || /^(data|blob):/.test(url);
  assert.deepEqual(requests.filter((url) => !isLocal(url)), []);
  assert.deepEqual(errors, []);
  await context.close();
  console.log(`2 operations, ${requests.length} requests, none to another server`);
}

/**
 * Lists records without filling in anything: the fields have the contract's examples, which are the
 * default project and desktop, and the token is set.
 */
async function listRecords(page) {
  const operation = page.locator("#operations-Desktops-ListDesktopDetachInfo");
  await operation.locator(".opblock-summary-control").click();
  await operation.getByRole("button", { name: "Execute" }).click();

  const response = operation.locator(".live-responses-table");
  await response.waitFor();
  const status = await response.locator(".response-col_status").last().innerText();
  assert.equal(status.trim().split(/\s/)[0], "200");
  const body = await response.locator(".highlight-code").first().innerText();
  assert.match(body, /"desktop_name": "design-01"/);
}

async function unbindPoolDesktop(page) {
  const desktop = { desktop_id: "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0003", is_detach_all_users: true };
  const operation = page.locator("#operations-Desktops-BatchDetachInstances");
  await operation.locator(".opblock-summary-control").click();
  const body = operation.locator("textarea.body-param__text");
  await body.fill(JSON.stringify({ desktops: [desktop] }));
  await operation.getByRole("button", { name: "Execute" }).click();
  await operation.locator(".live-responses-table .highlight-code").first().waitFor();

  const state = await (await fetch(`${origin}/_sandbox/state`)).json();
  assert.deepEqual(state.projects[0].desktops[2].bound, [], "the pool desktop still has users");
}

/** The tables show what the operations did, and the button undoes it. */
async function reset(page) {
  const desktop = page.locator("#desktop-table tr", { hasText: "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0003" });
  const bound = async () => (await desktop.locator("td").nth(4).innerText()).trim();
  await page.locator("#request-table tr", { hasText: "batch-detach" }).first().waitFor();
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.waitForFunction(() => !document.getElementById("desktop-table").innerText.includes("tomas, "));
  await page.locator("#reset").click();
  await page.getByText("The desktops are as at the start.").waitFor();
  assert.match(await bound(), /tomas/);
  const body = await page.innerText("body");
  for (const text of ["test server", "SANDBOXACCESSKEY", "workspace:desktops:batchDetach", "vpc:ports:get"]) {
    assert.ok(body.includes(text), `the page does not show ${text}`);
  }
}

async function checkAccessibility(page, colorScheme) {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  assert.deepEqual(serious.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${colorScheme}: ${id}: ${html} ${any[0]?.message}`)), []);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
