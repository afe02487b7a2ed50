// Programs, samples and texts that no compiler checks must not use a name that a released contract
// has and the present one does not: a property, parameter, schema or operation that was renamed or
// removed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { contract, home } from './contract.mjs';

const root = dirname(home);
/** The files that are not read, each with its reason. All others are, as `git ls-files` has them. */
const omitted = [
  [/^openapi\/(workspace\.yaml|facts\.json|released\/)/, 'the contract, what the vendor documents, and the releases'],
  [/^openapi\/derived\/|(^|\/)snapshots\/|^tests\/public_api\/.*txt$|^workspace-api\/src\/generated\.rs$/, 'generated'],
  [/CHANGELOG\.md$/, 'says what earlier versions had'],
  [/^openapi\/tests\/(.*\.diff|names\.test\.mjs)$/, 'planted changes of a release, and this test'],
  [/^tests\/growth\/|^workspace-api-sandbox\/tests\/sandbox\/contract\.(rs|yaml)$/, 'have a contract of their own'],
  [/\.lock$|lock\.json$|requirements\.txt$/, 'packages of others'],
];
/** Names that stay although the contract lost them, each with its reason. */
const kept = new Map();

/** Returns the names of a contract that have several words: one word is a word of other things, too. */
function namesOf(document) {
  const names = new Set();
  const visit = (value) => {
    if (value === null || typeof value !== 'object') return;
    for (const name of Object.keys(value.properties ?? {})) names.add(name);
    if (typeof value.in === 'string') names.add(value.name);
    if (typeof value.operationId === 'string') names.add(value.operationId);
    Object.values(value).forEach(visit);
  };
  visit(document);
  for (const name of Object.keys(document.components.schemas)) names.add(name);
  return new Set([...names].filter((name) => wordsOf(name).length > 1));
}

function wordsOf(name) {
  return name.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g) ?? [];
}

/** Returns the lost names, without those that only their spelling distinguishes from another one. */
function lostNames(released, present) {
  const spelling = (name) => wordsOf(name).join('_').toLowerCase();
  const known = new Set([...namesOf(present)].map(spelling));
  return [...namesOf(released)].filter((name) => !known.has(spelling(name)) && !kept.has(name));
}

/** Matches a name as languages write it: `detach_time`, `detachTime`, `DetachTime`, `getDetachTime`. */
function uses(name) {
  const words = wordsOf(name).map((word) => word.toLowerCase());
  const camel = words.slice(1).map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  const pascal = words[0][0].toUpperCase() + words[0].slice(1) + camel;
  return new RegExp(`(?<!\\w)(?:${words.join('_')}|${words[0]}${camel})(?!\\w)|(?<!\\w)(?:[gs]et|[GS]et|has|Has)?${pascal}(?!\\w)`);
}

/** Returns the files of the project that programs, samples and texts are in. */
function filesOfUsers() {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((file) => file && !omitted.some(([pattern]) => pattern.test(file))
    && statSync(join(root, file), { throwIfNoEntry: false })?.isFile());
}

/** Returns the places that use one of the names, as `FILE:LINE: NAME`. */
function placesOf(names) {
  const patterns = names.map((name) => [name, uses(name)]);
  if (patterns.length === 0) return [];
  return filesOfUsers().flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.flatMap((line, i) => patterns.filter(([, pattern]) => pattern.test(line))
      .map(([name]) => `${file}:${i + 1}: ${name}`));
  });
}

const versions = readdirSync(join(home, 'released')).filter((file) => file.endsWith('.yaml'));
for (const file of versions) {
  test(`nothing uses a name of ${file} that the contract does not have`, () => {
    const lost = lostNames(parse(readFileSync(join(home, 'released', file), 'utf8')), parse(contract));
    const places = placesOf(lost);
    assert.ok(places.length === 0, `these places use names that the contract does not have any more:\n${places.join('\n')}`);
  });
}

test('every file is read, unless there is a reason', () => {
  const files = filesOfUsers();
  for (const file of ['README.md', 'benches/calls/server.rs', 'benches/lists', 'openapi/sign.sh', 'tests/wire.rs', 'workspace-api-cli/tests/command/hostile.rs']) {
    assert.ok(files.includes(file), file);
  }
  // What no file matches would stay after the files are gone.
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
  for (const [pattern, reason] of omitted) assert.ok(tracked.some((file) => pattern.test(file)), reason);
});

test('a lost name is found as each language writes it', () => {
  const released = parse(readFileSync(join(home, 'released', '1.0.0.yaml'), 'utf8'));
  const present = parse(readFileSync(join(home, 'released', '1.0.0.yaml'), 'utf8'));
  delete present.components.schemas.DesktopDetachInfo.properties.detach_time;
  delete present.components.schemas.DesktopDetachInfo.properties.user_name; // another schema has it
  assert.deepEqual(lostNames(released, present), ['detach_time']);
  for (const text of ['record.detach_time', '"detachTime"', 'record.DetachTime', 'getDetachTime()']) {
    assert.match(text, uses('detach_time'));
  }
  for (const text of ['detach_times', 'my_detach_time', 'redetachTime', 'ListDetachTime', 'DetachTimeout']) {
    assert.doesNotMatch(text, uses('detach_time'));
  }
});
