// The comparison with the released contract must distinguish the changes of breaking.diff from
// those of harmless.diff, and enforce the versioning policy.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { changed, changesIn, run, scratch } from './contract.mjs';

const breaking = changesIn('breaking.diff');
const harmless = changesIn('harmless.diff');

/** Compares a changed contract of this version with the contract released as 1.0.0. */
async function compat(t, version, change, files = {}) {
  const { changelog = `## ${version}\n\n- Changed.\n`, table = `| ${version} | 0.1 |\n` } = files;
  const folder = scratch(t, changed(change, version));
  mkdirSync(join(folder, 'released'));
  writeFileSync(join(folder, 'released', '1.0.0.yaml'), changed('', '1.0.0'));
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  writeFileSync(join(folder, 'README.md'), table);
  writeFileSync(join(dirname(folder), 'Cargo.toml'), 'version = "0.1.3"\n');
  return run('compat.mjs', [folder], folder);
}

const text = harmless['another summary'];
const wider = harmless['a higher limit'];
const narrower = breaking['a lower maximum length of a list'];
const emptyEntry = '## 1.0.1\n\n## 1.0.0\n\n- First release.\n';
const policy = [
  { situation: 'no change', version: '1.0.0', change: '' },
  { situation: 'a changed text with a new patch version', version: '1.0.1', change: text },
  { situation: 'a tighter limit with a new major version', version: '2.0.0', change: narrower },
  {
    situation: 'a changed text without a new version',
    version: '1.0.0',
    change: text,
    problem: /the version is still 1\.0\.0\. Raise the patch version/,
  },
  {
    situation: 'a wider limit with a new patch version',
    version: '1.0.1',
    change: wider,
    problem: /the change from 1\.0\.0 to 1\.0\.1 is minor\. Raise the minor version/,
  },
  {
    situation: 'a version that is missing from the changelog',
    version: '1.0.1',
    change: text,
    files: { changelog: '## 1.0.0\n\n- First release.\n' },
    problem: /no entry under `## 1\.0\.1`/,
  },
  {
    situation: 'a heading in the changelog without an entry',
    version: '1.0.1',
    change: text,
    files: { changelog: emptyEntry },
    problem: /no entry under `## 1\.0\.1`/,
  },
  {
    situation: 'a version without a crate',
    version: '1.0.1',
    change: text,
    files: { table: '| 1.0.0 | 0.1 |\n' },
    problem: /no row for 1\.0\.1/,
  },
  {
    situation: 'a crate version that differs from Cargo.toml',
    version: '1.0.1',
    change: text,
    files: { table: '| 1.0.1 | 0.2 |\n' },
    problem: /Cargo\.toml has 0\.1\.3/,
  },
  {
    situation: 'a version that is older than the release',
    version: '0.9.0',
    change: text,
    problem: /older than the released 1\.0\.0/,
  },
];

describe('compat', { concurrency: availableParallelism() }, () => {
  for (const [name, change] of Object.entries(breaking)) {
    test(`rates as breaking: ${name}`, async (t) => {
      const { status, stderr } = await compat(t, '1.1.0', change);
      assert.equal(status, 1);
      assert.match(stderr, /to 1\.1\.0 is major \(breaking\)\. Raise the major version/);
    });
  }

  for (const [name, change] of Object.entries(harmless)) {
    test(`rates as harmless: ${name}`, async (t) => {
      const { status, stdout, stderr } = await compat(t, '1.1.0', change);
      assert.equal(status, 0, stdout + stderr);
    });
  }

  for (const { situation, version, change, files, problem } of policy) {
    test(`${problem ? 'rejects' : 'accepts'} ${situation}`, async (t) => {
      const { status, stdout, stderr } = await compat(t, version, change, files);
      assert.equal(status, problem ? 1 : 0, stdout + stderr);
      if (problem) assert.match(stderr, problem);
    });
  }
});
