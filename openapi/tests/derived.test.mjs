// The derived files are those of the present contract, and the workflow is valid Arazzo.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { derived } from '../derive.mjs';
import { home, run } from './contract.mjs';

const folder = join(home, 'derived');

test('the derived files are up to date', async () => {
  const files = await derived();
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(files).sort());
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    const isCurrent = existsSync(file) && readFileSync(file, 'utf8').replaceAll('\r\n', '\n') === text;
    assert.ok(isCurrent, `derived/${name} is older than the contract: run \`npm run derive\``);
  }
});

test('the workflow is valid', async () => {
  const args = ['lint', 'derived/workspace.arazzo.yaml', '--extends=spec'];
  const { status, stdout, stderr } = await run('redocly', args, home);
  assert.equal(status, 0, stdout + stderr);
});
