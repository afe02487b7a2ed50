// Programs, samples and texts that no compiler checks must not use what a released contract has and
// the present one does not: the name of a property, parameter, schema or operation, a value of an
// enum, a server, path or IAM action that was renamed or removed. Nor may they repeat a limit of the
// contract, which nothing would change with it.
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
  [/^openapi\/tests\/(.*\.diff|(lint|names)\.test\.mjs)$/, 'planted changes of a release, and this test'],
  [/^tests\/vectors\//, 'signed as it is'],
  [/^tests\/growth\//, 'has a contract of its own'],
  [/\.lock$|lock\.json$|requirements\.txt$/, 'packages of others'],
];
/** Names and literals that stay although the contract lost them, each with its reason. */
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

/** Returns what all languages write alike: servers, paths, values of enums, IAM actions. */
function literalsOf(document) {
  const literals = new Set([...Object.keys(document.paths), ...document.servers.map(({ url }) => url)]);
  const visit = (value) => {
    if (value === null || typeof value !== 'object') return;
    const actions = [value['x-huaweicloud-iam-action'], ...value['x-huaweicloud-iam-dependencies'] ?? []];
    const values = Array.isArray(value.enum) ? value.enum : [];
    for (const literal of [...values, ...actions]) if (typeof literal === 'string') literals.add(literal);
    Object.values(value).forEach(visit);
  };
  visit(document);
  return literals;
}

function lostLiterals(released, present) {
  const known = literalsOf(present);
  return [...literalsOf(released)].filter((literal) => !known.has(literal) && !kept.has(literal));
}

const escaped = (text) => text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&');

/** Matches a literal. A word of small letters counts in quotes only, and the parameters of an address can be anything. */
function usesLiteral(literal) {
  const parts = literal.split(/\{[^}]*\}/).map(escaped);
  // Programs make the start of a path of their settings.
  const tail = literal.startsWith('/') && parts[1] ? parts.slice(1) : parts;
  const pattern = tail.join('[^/\\s]+');
  return /^[a-z]+$/.test(literal) ? new RegExp(`["'\`]${pattern}["'\`]`) : new RegExp(`${pattern.startsWith('/') ? '' : '(?<![\\w-])'}${pattern}(?![\\w-]|/\\w)`);
}

/** Returns whether a line uses a literal. Constants of Rust, which look like values, and links to them are none. */
function hasLiteral(literal, line, file) {
  const match = usesLiteral(literal).exec(line);
  if (!match || !file.endsWith('.rs') || !/^\w+$/.test(literal)) return match !== null;
  const before = line.slice(0, match.index);
  return !before.endsWith('[`') && (/\/\/|["'`]$/.test(before) || before.split('"').length % 2 === 0);
}

/** Returns the files of the project that programs, samples and texts are in. */
function filesOfUsers() {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((file) => file && !omitted.some(([pattern]) => pattern.test(file))
    && statSync(join(root, file), { throwIfNoEntry: false })?.isFile());
}

/** Returns the places for which one of the functions returns true, as `FILE:LINE: NAME`. */
function placesOf(uses) {
  if (uses.length === 0) return [];
  return filesOfUsers().flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.flatMap((line, i) => uses.filter(([, isUsed]) => isUsed(line, file))
      .map(([name]) => `${file}:${i + 1}: ${name}`));
  });
}

/** Returns the names and literals that the present contract lost, each with a function that finds it. */
function lost(released, present) {
  const names = lostNames(released, present).map((name) => [name, uses(name)]);
  return [
    ...names.map(([name, pattern]) => [name, (line) => pattern.test(line)]),
    ...lostLiterals(released, present).map((literal) => [literal, (line, file) => hasLiteral(literal, line, file)]),
  ];
}

const versions = readdirSync(join(home, 'released')).filter((file) => file.endsWith('.yaml'));
for (const file of versions) {
  test(`nothing uses a name, value, path or action of ${file} that the contract does not have`, () => {
    const places = placesOf(lost(parse(readFileSync(join(home, 'released', file), 'utf8')), parse(contract)));
    assert.ok(places.length === 0, `these places use what the contract does not have any more:\n${places.join('\n')}`);
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

test('a lost value, path or action is found', () => {
  const released = parse(readFileSync(join(home, 'released', '1.0.0.yaml'), 'utf8'));
  const text = JSON.stringify(released).replace('["USER","GROUP"]', '["USER","TEAM"]')
    .replace('desktops/logoff"', 'desktops/log-off"').replaceAll('vpc:ports:get', 'vpc:ports:list');
  assert.deepEqual(lostLiterals(released, JSON.parse(text)), ['/v2/{project_id}/desktops/logoff', 'vpc:ports:get', 'GROUP']);
  for (const [literal, line, file] of [
    ['/v2/{p}/desktops/logoff', 'url = f"{base}/desktops/logoff"'],
    ['/v2/{p}/desktops/logoff', '"/v2/p/desktops/logoff"', 'lib.rs'],
    ['/v2/{p}/desktops/{d}/info', '`GET /v2/{project_id}/desktops/$id/info`'],
    ['/v2/{p}/desktops/logoff', '/v2/0bec5/desktops/logoff/'],
    ['GROUP', 'USER (default) or GROUP'],
    ['GROUP', 'type=TypeEnum.GROUP)'],
    ['GROUP', '/// `USER` or GROUP.', 'lib.rs'],
    ['GROUP', 'r#"{"type":"GROUP"}"#', 'lib.rs'],
    ['GROUP', '"d-2,designers,GROUP\\n"', 'lib.rs'],
    ['vpc:ports:get', '"vpc:ports:get"', 'lib.rs'],
    ['on', "mode: 'on'"],
  ]) assert.ok(hasLiteral(literal, line, file ?? 'file'), line);
  for (const [literal, line, file] of [
    ['/v2/{p}/desktops/logoff', '/v2/{project_id}/desktops/logoff-info'],
    ['GROUP', 'USER_GROUP'],
    ['GROUP', '[DetachInstancesUserInfo::group(defaults::GROUP)?],', 'lib.rs'],
    ['GROUP', '/// The id of [`GROUP`].', 'lib.rs'],
    ['on', 'the mode is on'],
  ]) assert.ok(!hasLiteral(literal, line, file ?? 'file'), line);
});

test('no text repeats a limit of the contract', () => {
  const limits = new Set();
  const visit = (value) => {
    if (value === null || typeof value !== 'object') return;
    for (const key of ['maxItems', 'maxLength']) if (value[key] > 20) limits.add(value[key]);
    Object.values(value).forEach(visit);
  };
  visit(parse(contract));
  const numbers = [...limits].join('|');
  assert.notEqual(numbers, '');
  // Of items and characters: other numbers are limits of something else. Tests and their contracts have their own.
  const items = '(?:desktops|users|groups|ids|items|letters|characters)';
  const limit = new RegExp(`(?:up to|at most|more than|1 to) (?:${numbers})(?: ${items}|[,.]|$)`);
  const places = placesOf([['a limit', (line) => limit.test(line)]]).filter((place) => !/^tests\/(?!peers)|contract\.yaml:/.test(place));
  assert.ok(places.length === 0, `these places repeat a limit; name the limit, or what has it:\n${places.join('\n')}`);
});
