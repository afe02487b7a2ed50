// `npm run compat`: compares workspace.yaml with the newest released contract. It fails on a change
// without a new version, a breaking change without a new major version, a version without a
// changelog entry, and a version that is missing from README.md's table.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineCounter, isScalar, parseDocument } from 'yaml';
import { IMPACTS, differences } from './rules/compatibility.mjs';

const program = fileURLToPath(import.meta.url);

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

/** A contract, and the line and column of each of its nodes. */
class Contract {
  constructor(file) {
    this.lines = new LineCounter();
    this.document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: this.lines });
    this.value = this.document.toJS();
  }

  /** Returns the position of the innermost node on the path that the contract has. */
  locate(path) {
    const keys = path.flatMap((key) => {
      const [, method, pattern] = /^([A-Z]+) (\/.*)$/.exec(key) ?? [];
      return method ? [pattern, method.toLowerCase()] : [key];
    });
    let offset = 0;
    for (let node = this.document.contents, i = 0; node?.items && i < keys.length; i += 1) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === keys[i]);
      const item = pair ?? node.items[keys[i]];
      if (!item) break;
      offset = (pair ? pair.key : item).range[0];
      node = pair ? pair.value : item;
    }
    const { line, col } = this.lines.linePos(offset);
    return { line, column: col };
  }
}

/** Returns the lines below the heading of a version in the changelog. */
function changelogEntries(changelog, version) {
  const sections = changelog.split(/^## /m);
  const section = sections.find((text) => text.split(/\s/)[0] === version) ?? '';
  return section.split('\n').slice(1).filter((line) => line.trim() !== '');
}

/**
 * Rates some changes by hand, where the effect does not show in the text: entries of ratings.json for
 * the newest release. Returns the problems of the entries.
 */
function rateByHand(changes, ratings) {
  return ratings.flatMap(({ path, impact, reason }) => {
    const change = changes.find((change) => change.path.join(' / ') === path);
    if (!change) return [`ratings.json: there is no change at \`${path}\` any more. Remove the entry.`];
    if (!IMPACTS.includes(impact)) return [`ratings.json: \`${impact}\` at \`${path}\` is not a rating.`];
    if (!reason?.trim()) return [`ratings.json: the entry for \`${path}\` has no reason. Add it.`];
    Object.assign(change, { impact, reason: `${change.reason} Rated by hand: ${reason}` });
    return [];
  });
}

/** Compares the contract in a folder with its newest release; returns changes and problems. */
export function compat(folder) {
  const read = (...path) => readFileSync(join(folder, ...path), 'utf8');
  const releases = readdirSync(join(folder, 'released'))
    .map((name) => /^(\d+\.\d+\.\d+)\.yaml$/.exec(name)?.[1])
    .filter((version) => version !== undefined)
    .sort(byVersion);
  const newest = releases.at(-1);
  if (!newest) return { changes: [], problems: ['released/ contains no contract to compare with.'] };

  const released = new Contract(join(folder, 'released', `${newest}.yaml`));
  const current = new Contract(join(folder, 'workspace.yaml'));
  const { version } = current.value.info;
  const changes = differences(released.value, current.value);
  const ratings = JSON.parse(read('ratings.json')).filter(({ from }) => from === newest);
  const problems = rateByHand(changes, ratings);
  for (const change of changes) change.position = current.locate(change.path);
  const required = IMPACTS[Math.max(...changes.map(({ impact }) => IMPACTS.indexOf(impact)))];
  const rating = required === 'major' ? 'major (breaking)' : required ?? 'no';
  const raised = raisedPart(newest, version);

  if (released.value.info.version !== newest) {
    problems.push(`released/${newest}.yaml has the version ${released.value.info.version}. `
      + 'Restore it: a released contract is never edited.');
  }
  if (byVersion(version, newest) < 0) {
    problems.push(`the version ${version} is older than the released ${newest}. Raise it.`);
  }
  if (required && !raised) {
    problems.push(`the contract differs from the released ${newest}, but the version is still `
      + `${version}. Raise the ${required} version.`);
  }
  if (raised && IMPACTS.indexOf(required) > IMPACTS.indexOf(raised)) {
    problems.push(`the change from ${newest} to ${version} is ${rating}. `
      + `Raise the ${required} version.`);
  }
  if (changelogEntries(read('CHANGELOG.md'), version).length === 0) {
    problems.push(`CHANGELOG.md has no entry under \`## ${version}\`. `
      + 'Describe the change and what teams must do.');
  }
  const row = read('README.md').split('\n').find((line) => line.startsWith(`| ${version} |`));
  const series = row?.split('|')[2].split(',').map((crate) => crate.trim()).filter(Boolean);
  const crateVersion = read('..', 'Cargo.toml').match(/^version = "(.+)"$/m)[1];
  if (!series?.length) {
    problems.push(`the table of versions in README.md has no row for ${version}. Add it.`);
  } else if (!series.some((crate) => `${crateVersion}.`.startsWith(`${crate}.`))) {
    problems.push(`README.md lists crate ${series.join(', ')} for contract ${version}, `
      + `but Cargo.toml has ${crateVersion}.`);
  }
  return { changes, problems, summary: `${newest} -> ${version}: ${rating} change` };
}

if (process.argv[1] === program) {
  const { changes, problems, summary } = compat(process.argv[2] ?? dirname(program));
  for (const { impact, path, reason, position: { line, column } } of changes) {
    console.log(`${impact.padEnd(5)}  ${line}:${column}  ${path.join(' / ')}\n       ${reason}`);
  }
  if (summary) console.log(summary);
  for (const problem of problems) console.error(`error: ${problem}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
