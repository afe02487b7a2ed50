// `npm run compat`: holds workspace.yaml against the newest released contract. Fails where teams that generated a
// client from that one would be surprised: a change without a higher version, a breaking one without a higher major,
// one that CHANGELOG.md does not tell, or a version that README.md gives no crate.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = process.argv[2] ?? here;
const read = (...path) => readFileSync(join(root, ...path), 'utf8');

const parts = (version) => version.split('.').map(Number);
const byVersion = (a, b) => {
  const [left, right] = [parts(a), parts(b)];
  const at = left.findIndex((part, i) => part !== right[i]);
  return at < 0 ? 0 : left[at] - right[at];
};

/** Which part of the version went up: `major`, `minor`, `patch`, or nothing. */
function raised(from, to) {
  if (byVersion(to, from) <= 0) return undefined;
  return ['major', 'minor', 'patch'][parts(to).findIndex((part, i) => part !== parts(from)[i])];
}

function compare(released) {
  const scratch = mkdtempSync(join(tmpdir(), 'compat-'));
  const report = join(scratch, 'report.json');
  const run = spawnSync(process.execPath, [join(here, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js'), 'diff', released,
    join(root, 'workspace.yaml'), '--config', join(here, 'redocly.yaml'), '--format', 'json', '--output', report,
    '--fail-on', 'none'], { encoding: 'utf8' });
  try {
    if (run.status !== 0) throw new Error(`redocly diff ended with ${run.status}:\n${run.stderr}`);
    return JSON.parse(readFileSync(report, 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The lines that CHANGELOG.md has under the heading of a version. */
function told(version) {
  const section = read('CHANGELOG.md').split(/^## /m).find((text) => text.split(/\s/)[0] === version);
  return (section ?? '').split('\n').slice(1).filter((line) => line.trim() !== '');
}

/** The crate that README.md's table gives a contract: `0.1` stands for every 0.1.x. */
function crateOf(version) {
  const row = read('README.md').split('\n').find((line) => line.startsWith(`| ${version} |`));
  return row?.split('|')[2].trim();
}

const releases = readdirSync(join(root, 'released')).filter((name) => /^\d+\.\d+\.\d+\.yaml$/.test(name))
  .map((name) => name.slice(0, -'.yaml'.length)).sort(byVersion);
const newest = releases.at(-1);
if (!newest) throw new Error('released/ holds no contract to compare with.');

const report = compare(join(root, 'released', `${newest}.yaml`));
const { base, revision: version } = report.infoVersions;
const crate = crateOf(version);
const inManifest = read('..', 'Cargo.toml').match(/^version = "(.+)"$/m)[1];
const order = [undefined, 'patch', 'minor', 'major'];
const bump = raised(newest, version);
const wrong = [];

if (base !== newest) wrong.push(`released/${newest}.yaml says that it is ${base}. A released contract is never edited: restore it.`);
if (byVersion(version, newest) < 0) wrong.push(`The version is ${version}, older than the released ${newest}: raise it.`);
if (report.bump && !bump) wrong.push(`The contract differs from the released ${newest} but still says ${version}: raise its ${report.bump} version.`);
if (bump && order.indexOf(report.bump) > order.indexOf(bump)) {
  wrong.push(`${newest} became ${version}, but the change is ${report.bump}${report.bump === 'major' ? ' (breaking)' : ''}: raise the ${report.bump} version.`);
}
if (told(version).length === 0) wrong.push(`CHANGELOG.md has no entry under \`## ${version}\`: say what changed, and what a team has to do.`);
if (!crate) wrong.push(`The table of versions in README.md has no row for ${version}.`);
else if (inManifest !== crate && !inManifest.startsWith(`${crate}.`)) {
  wrong.push(`README.md gives contract ${version} the crate ${crate}, but Cargo.toml says ${inManifest}.`);
}

for (const change of report.changes.filter((change) => change.property !== 'version')) {
  const side = change.revision ?? change.base;
  const why = change.verdicts.find((verdict) => verdict.impact === change.impact)?.message ?? `${change.kind} ${change.property ?? ''}`;
  console.log(`${change.impact.padEnd(5)}  ${side.line}:${side.col}  ${change.path}\n       ${why}`);
}
console.log(`${newest} -> ${version}: ${report.bump ?? 'no'} change${report.bump === 'major' ? ', breaking' : ''}.`);
for (const line of wrong) console.error(`error: ${line}`);
process.exitCode = wrong.length ? 1 : 0;
