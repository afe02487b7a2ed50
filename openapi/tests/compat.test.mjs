// The comparison with the released contract must distinguish the changes of breaking.diff from
// those of harmless.diff, and enforce the versioning policy.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { compat } from '../compat.mjs';
import { differences } from '../rules/compatibility.mjs';
import { changed, changesIn, scratch } from './contract.mjs';

const breaking = changesIn('breaking.diff');
const harmless = changesIn('harmless.diff');

/** Compares a changed contract of this version with the contract released as 1.0.0. */
function compare(t, version, change, files = {}) {
  const {
    changelog = `## ${version}\n\n- Changed.\n`, table = `| ${version} | 0.1 |\n`, ratings = [],
  } = files;
  const folder = scratch(t, changed(change, version));
  mkdirSync(join(folder, 'released'));
  writeFileSync(join(folder, 'released', '1.0.0.yaml'), changed('', '1.0.0'));
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  writeFileSync(join(folder, 'README.md'), table);
  writeFileSync(join(folder, 'ratings.json'), JSON.stringify(ratings));
  writeFileSync(join(dirname(folder), 'Cargo.toml'), 'version = "0.1.3"\n');
  return compat(folder);
}

const text = harmless['another summary'];
const wider = harmless['a higher limit'];
const narrower = breaking['a lower maximum length of a list'];
const loosened = breaking['a loosened pattern'];
const emptyEntry = '## 1.0.1\n\n## 1.0.0\n\n- First release.\n';
const byHand = {
  from: '1.0.0',
  path: 'components / schemas / ProjectId / pattern',
  impact: 'minor',
  reason: 'It accepts every id that it accepted before.',
};
const policy = [
  { situation: 'no change', version: '1.0.0', change: '' },
  { situation: 'a changed text with a new patch version', version: '1.0.1', change: text },
  {
    situation: 'a version that several crate versions bring',
    version: '1.0.1',
    change: text,
    files: { table: '| 1.0.1 | 0.0, 0.1 |\n' },
  },
  { situation: 'a tighter limit with a new major version', version: '2.0.0', change: narrower },
  {
    situation: 'a change that is rated by hand',
    version: '1.1.0',
    change: loosened,
    files: { ratings: [byHand, { ...byHand, from: '0.9.0', path: 'an older change' }] },
  },
  {
    situation: 'a rating by hand without a reason',
    version: '1.1.0',
    change: loosened,
    files: { ratings: [{ ...byHand, reason: ' ' }] },
    problem: /the entry for `components .* pattern` has no reason/,
  },
  {
    situation: 'a rating by hand of a change that does not exist',
    version: '1.1.0',
    change: text,
    files: { ratings: [byHand] },
    problem: /there is no change at `components .* pattern` any more/,
  },
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

describe('compat', () => {
  for (const [name, change] of Object.entries(breaking)) {
    test(`rates as breaking: ${name}`, (t) => {
      const { changes, problems } = compare(t, '1.1.0', change);
      assert.match(problems.join('\n'), /to 1\.1\.0 is major \(breaking\)\. Raise the major version/);
      for (const { position } of changes) assert.ok(position.line > 1, 'a change has no place');
    });
  }

  for (const [name, change] of Object.entries(harmless)) {
    test(`rates as harmless: ${name}`, (t) => {
      const { changes, problems } = compare(t, '1.1.0', change);
      assert.deepEqual(problems, [], JSON.stringify(changes));
    });
  }

  test('shows the operation of a change by method and path, with the line of the change', (t) => {
    const { changes: [{ path, position }] } = compare(t, '1.1.0', text);
    assert.match(path[1], /^POST \/\S+$/);
    assert.match(changed(text, '1.1.0').split('\n')[position.line - 1], /^ +summary:/);
  });

  test('rates names of values as the values', () => {
    const contract = (values, names) => {
      const schema = { type: 'string', enum: values, 'x-enum-varnames': names };
      return { paths: { '/a': { get: { parameters: [{ name: 'order', in: 'query', schema }] } } } };
    };
    const released = contract(['asc', 'ASC'], ['UP', 'ALL_UP']);
    for (const [values, names, impacts] of [
      [['asc', 'ASC', 'desc'], ['UP', 'ALL_UP', 'DOWN'], ['minor']],
      [['asc', 'ASC'], ['UP', 'CAPITAL_UP'], ['major']],
      [['asc', 'ASC'], undefined, ['major']],
      [['asc', 'ASC'], ['UP', 'ALL_UP'], []],
    ]) {
      const changes = differences(released, contract(values, names));
      assert.deepEqual(changes.map(({ impact }) => impact), impacts, JSON.stringify(names));
    }
  });

  for (const { situation, version, change, files, problem = /^$/ } of policy) {
    test(`${problem.source === '^$' ? 'accepts' : 'rejects'} ${situation}`, (t) => {
      assert.match(compare(t, version, change, files).problems.join('\n'), problem);
    });
  }
});
