// `npm run docs:check`: opens the page from disk in Chromium, offline, and reads it as a user does.
// It is not part of `npm test`, because it needs a browser: /usr/bin/chromium, or $CHROMIUM.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { parse } from 'yaml';
import { contract, home } from './contract.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const file = join(home, 'build', 'index.html');
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

let browser;
let page;
const api = parse(contract);
const tag = api.tags[0].name;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const requests = [];
const errors = [];

before(async () => {
  assert.ok(existsSync(executablePath), `no browser at ${executablePath}: set CHROMIUM`);
  assert.ok(existsSync(file), 'build/index.html is missing: run `npm run docs` first');
  browser = await chromium.launch({ executablePath, args });
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
  await context.setOffline(true);
  page = await context.newPage();
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(pathToFileURL(file).href);
  // A color in the middle of a transition has another contrast.
  await page.addStyleTag({ content: '* { transition: none !important; }' });
  // The menu opens only after the script has hydrated the page.
  await page.getByText(tag, { exact: true }).first().click();
});

after(() => browser?.close());

/** Returns the object that a `$ref` refers to, or the object itself. */
function resolved(object) {
  if (object?.$ref === undefined) return object ?? {};
  return object.$ref.split('/').slice(1).reduce((at, key) => at[key], api);
}

function propertiesOf(body) {
  return Object.keys(resolved(resolved(body).content?.['application/json'].schema).properties ?? {});
}

/** Returns the texts that the page must show for an operation. */
function textsOf(operation) {
  return [
    operation.operationId, operation['x-huaweicloud-iam-action'], ...operation['x-huaweicloud-iam-dependencies'] ?? [],
    ...Object.keys(operation.responses), ...propertiesOf(operation.requestBody),
    ...Object.values(operation.responses).slice(0, 1).flatMap(propertiesOf),
    'X-Request-Id', ...operation.externalDocs ? [operation.externalDocs.description] : [], 'curl http://127.0.0.1:8437/v2',
  ];
}

const operations = Object.values(api.paths).flatMap(Object.values);
const [first] = operations;

for (const operation of operations) {
  const { summary } = operation;
  test(`shows the operation "${summary}"`, async () => {
    await page.getByText(summary).first().click();
    await page.getByRole('heading', { name: summary }).waitFor();
    const body = await page.innerText('body');
    assert.deepEqual(textsOf(operation).filter((text) => !body.includes(text)), []);
    await checkAccessibility();
  });
}

/** Fails on findings of axe that keep somebody from using the page, in light and in dark mode. */
async function checkAccessibility() {
  for (const colorScheme of ['light', 'dark']) {
    await page.evaluate((name) => { document.documentElement.className = name; }, colorScheme);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    assert.deepEqual(serious.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes[0].html}`), []);
  }
}

test('has the guide', async () => {
  for (const title of ['Generate a client', 'What is left to you', 'Failures', 'What is not confirmed']) {
    await page.getByRole('link', { name: title }).or(page.getByText(title)).first().click();
    await page.getByRole('heading', { name: title }).waitFor();
  }
  await checkAccessibility();
});

test('offers the contract as a file', async () => {
  const [download] = await Promise.all([
    page.waitForEvent('download'), page.locator('a[download], a[href^="data:application/yaml"]').first().click(),
  ]);
  assert.equal(readFileSync(await download.path(), 'utf8'), contract);
});

test('the search works offline', async () => {
  await page.keyboard.press('Control+k');
  await page.getByText('to navigate').waitFor();
  const [status, response] = Object.entries(first.responses)[0];
  const property = propertiesOf(response).at(-1);
  await page.keyboard.type(property);
  await page.getByText(new RegExp(`response ${status} fields.*${property}`)).first().waitFor();
  await page.keyboard.press('Escape');
});

/** Presses Tab until the focus is on an element with this text. */
async function tabTo(text) {
  for (let i = 0; i < 120; i += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.querySelector(':focus')?.innerText?.trim());
    if (focused?.startsWith(text)) return;
  }
  assert.fail(`the keyboard does not reach "${text}"`);
}

test('works by keyboard alone', async () => {
  await page.goto('about:blank');
  await page.goto(pathToFileURL(file).href);
  // Keys have no effect before the script has hydrated the page: the first ones may be lost.
  await tabTo('Search');
  const search = page.getByText('to navigate');
  for (let i = 0; i < 20 && !await search.isVisible(); i += 1) {
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
  }
  assert.ok(await search.isVisible(), 'Enter does not open the search');
  await page.keyboard.press('Escape');
  await tabTo('workspace.yaml');
  await tabTo(tag);
  await page.keyboard.press('Enter');
  await page.locator('.menu-content a', { hasText: first.summary }).waitFor();
  await tabTo(first.summary);
  // Redoc goes to the operation, but leaves the focus on the entry at times.
  const section = page.locator(`[id="${tag}/${first.operationId}"i]:focus`);
  for (let i = 0; i < 20 && !await section.isVisible(); i += 1) {
    await page.keyboard.press('Enter');
    await page.waitForTimeout(1000);
  }
  assert.ok(await section.isVisible(), 'Enter on an entry of the menu does not move the focus to its section');
  await tabTo('curl');
  const languages = ['curl', 'Python', 'TypeScript', 'Go', 'Java', 'Ruby', 'PHP', 'Rust', 'Payload'];
  for (const language of languages) {
    await page.keyboard.press('Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    for (let i = 0; i < languages.indexOf(language); i += 1) await page.keyboard.press('ArrowDown');
    await page.locator('[role=menuitem]:focus', { hasText: language }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: language, exact: true }).and(page.locator(':focus')).waitFor();
  }
  await page.keyboard.press('Enter');
  await page.locator('[role=menuitem]:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[role=menu]:visible').waitFor({ state: 'detached' });
});

test('sends no request and reports no error', () => {
  assert.deepEqual(requests.filter((url) => !/^(file|data|blob):/.test(url)), []);
  assert.deepEqual(errors, []);
});
