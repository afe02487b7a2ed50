// `npm run docs:check`: opens the page from disk in Chromium, with the network cut, and reads it as a person would.
// Not among `npm test`, because it needs a browser: CHROMIUM names one, by default what Debian's package installs.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { home } from './contract.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const file = join(home, 'build', 'index.html');
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let browser;
let page;
const requests = [];
const complaints = [];

before(async () => {
  assert.ok(existsSync(executablePath), `no browser at ${executablePath}: install Chromium, or set CHROMIUM`);
  assert.ok(existsSync(file), 'build/index.html is missing: run `npm run docs` first');
  browser = await chromium.launch({ executablePath, args: quiet });
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
  await context.setOffline(true);
  page = await context.newPage();
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(pathToFileURL(file).href);
  // The menu opens only once the script has taken the page over.
  await page.getByText('Desktops', { exact: true }).first().click();
});

after(() => browser?.close());

const operations = {
  'Unbind users in batches': ['workspace:desktops:batchDetach', 'is_detach_all_users', 'failed_operation_list', '409'],
  'Read who was unbound from a desktop': ['workspace:desktops:listDetachInfo', 'desktop_detach_infos', 'detach_time', '404'],
  'Log desktops off in batches': ['workspace:desktops:logoff', 'desktop_ids', 'X-Request-Id', '409'],
};

for (const [summary, words] of Object.entries(operations)) {
  test(`"${summary}" can be read`, async () => {
    await page.getByText(summary).first().click();
    await page.getByRole('heading', { name: summary }).waitFor();
    const text = await page.innerText('body');
    assert.deepEqual(words.filter((word) => !text.includes(word)), []);
  });
}

test('the search works without help from outside', async () => {
  await page.keyboard.press('Control+k');
  await page.getByText('to navigate').waitFor();
  await page.keyboard.type('success_job_ids');
  await page.getByText(/response 200 fields.*success_job_ids/).first().waitFor();
  await page.keyboard.press('Escape');
});

test('nothing is asked of any server, and nothing goes wrong', () => {
  assert.deepEqual(requests.filter((url) => !/^(file|data|blob):/.test(url)), []);
  assert.deepEqual(complaints, []);
});
