// `npm run compat`: compares workspace.yaml with the newest released contract. It fails on a change
// without a new version, a breaking change without a new major version, a version without a
// changelog entry, and a version that is missing from README.md's table.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = process.argv[2] ?? here;
const read = (...path) => readFileSync(join(root, ...path), 'utf8');

/** The parts of a version, from the least important. */
const PARTS = ['patch', 'minor', 'major'];

/** Orders versions from the oldest to the newest. */
function byVersion(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const i = left.findIndex((number, i) => number !== right[i]);
  return i < 0 ? 0 : left[i] - right[i];
}

/** Returns which part of the version was raised; `undefined` if the version is not newer. */
function raisedPart(from, to) {
  if (byVersion(to, from) <= 0) return undefined;
  const [old, now] = [from, to].map((version) => version.split('.'));
  return ['major', 'minor', 'patch'].find((part, i) => old[i] !== now[i]);
}

/** Returns the newest version in released/. */
function newestRelease() {
  const versions = readdirSync(join(root, 'released'))
    .filter((name) => /^\d+\.\d+\.\d+\.yaml$/.test(name))
    .map((name) => name.slice(0, -'.yaml'.length));
  if (versions.length === 0) throw new Error('released/ contains no contract to compare with.');
  return versions.sort(byVersion).at(-1);
}

/** Returns Redocly's report on the differences between a released contract and workspace.yaml. */
function compareWith(released) {
  const scratch = mkdtempSync(join(tmpdir(), 'compat-'));
  const report = join(scratch, 'report.json');
  const redocly = join(here, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
  const run = spawnSync(process.execPath, [
    redocly, 'diff', released, join(root, 'workspace.yaml'),
    '--config', join(here, 'redocly.yaml'),
    '--format', 'json', '--output', report, '--fail-on', 'none',
  ], { encoding: 'utf8' });
  try {
    if (run.status !== 0) throw new Error(`redocly diff exited with ${run.status}:\n${run.stderr}`);
    return JSON.parse(readFileSync(report, 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Returns the lines below the heading of a version in CHANGELOG.md. */
function changelogEntries(version) {
  const sections = read('CHANGELOG.md').split(/^## /m);
  const section = sections.find((text) => text.split(/\s/)[0] === version) ?? '';
  return section.split('\n').slice(1).filter((line) => line.trim() !== '');
}

/** Returns the crate version for a contract in README.md's table; `0.1` stands for every 0.1.x. */
function crateFor(version) {
  const row = read('README.md').split('\n').find((line) => line.startsWith(`| ${version} |`));
  return row?.split('|')[2].trim();
}

function printChange(change) {
  const { line, col } = change.revision ?? change.base;
  const verdict = change.verdicts.find(({ impact }) => impact === change.impact);
  const reason = verdict?.message ?? `${change.kind} ${change.property ?? ''}`;
  console.log(`${change.impact.padEnd(5)}  ${line}:${col}  ${change.path}\n       ${reason}`);
}

const newest = newestRelease();
const report = compareWith(join(root, 'released', `${newest}.yaml`));
const { base, revision: version } = report.infoVersions;
const required = report.bump;
const raised = raisedPart(newest, version);
const crate = crateFor(version);
const crateVersion = read('..', 'Cargo.toml').match(/^version = "(.+)"$/m)[1];
const rating = required === 'major' ? 'major (breaking)' : required;

const problems = [];
if (base !== newest) {
  problems.push(`released/${newest}.yaml has the version ${base}. `
    + 'Restore it: a released contract is never edited.');
}
if (byVersion(version, newest) < 0) {
  problems.push(`the version ${version} is older than the released ${newest}. Raise it.`);
}
if (required && !raised) {
  problems.push(`the contract differs from the released ${newest}, but the version is still `
    + `${version}. Raise the ${required} version.`);
}
if (raised && PARTS.indexOf(required) > PARTS.indexOf(raised)) {
  problems.push(`the change from ${newest} to ${version} is ${rating}. `
    + `Raise the ${required} version.`);
}
if (changelogEntries(version).length === 0) {
  problems.push(`CHANGELOG.md has no entry under \`## ${version}\`. `
    + 'Describe the change and what teams must do.');
}
if (!crate) {
  problems.push(`the table of versions in README.md has no row for ${version}. Add it.`);
} else if (crateVersion !== crate && !crateVersion.startsWith(`${crate}.`)) {
  problems.push(`README.md lists crate ${crate} for contract ${version}, `
    + `but Cargo.toml has ${crateVersion}.`);
}

report.changes.filter((change) => change.property !== 'version').forEach(printChange);
console.log(`${newest} -> ${version}: ${rating ?? 'no'} change`);
for (const problem of problems) console.error(`error: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
