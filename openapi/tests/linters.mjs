// Runs Redocly and Spectral, each once for many files: starting one takes longer than checking a file.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { home, run } from './contract.mjs';

/** Files that are checked together. A pipe of Redocly holds the reports of so many. */
const TOGETHER = 60;

/**
 * Returns the problems in the files of a scratch folder, by file, as `problemsIn` does. The latest, which took half a minute,
 * are kept as `build/lint-NAME.json` until something changes that they depend on. The present contract is not part of that.
 */
export async function keptProblemsIn(folder, files, name) {
  const build = join(home, 'build');
  const file = join(build, `lint-${name}.json`);
  const inputs = hashOf(folder);
  const kept = keptIn(file);
  if (kept.inputs === inputs) return new Map(kept.problems);
  const problems = await problemsIn(folder, files);
  mkdirSync(build, { recursive: true });
  writeFileSync(file, JSON.stringify({ inputs, problems: [...problems] }));
  return problems;
}

function keptIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** Returns a hash of the linters, of how they run, and of every file of a scratch folder. */
function hashOf(folder) {
  const hash = createHash('sha256').update(process.version);
  for (const name of ['package-lock.json', 'tests/contract.mjs', 'tests/linters.mjs']) hash.update(readFileSync(join(home, name)));
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of entries.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    hash.update(`\0${relative(folder, path)}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Returns the problems that both report, by file, each with its first and last line. */
export async function problemsIn(folder, files) {
  const problems = new Map(files.map((file) => [file, []]));
  for (const results of await Promise.all([redocly(folder, files), spectral(folder, files)])) {
    for (const [file, found] of results) problems.get(file).push(...found);
  }
  return problems;
}

/** Returns the problems that Redocly reports, by file. The rule of invalid YAML is `syntax`. */
async function redocly(folder, files) {
  if (files.length > TOGETHER) {
    const first = await redocly(folder, files.slice(0, TOGETHER));
    return new Map([...first, ...await redocly(folder, files.slice(TOGETHER))]);
  }
  const args = ['lint', ...files, '--format=json', '--max-problems=10000'];
  const { stdout, stderr } = await run('redocly', args, folder);
  // One document for each file.
  const documents = stdout === '' ? [] : stdout.split(/(?<=^\})(?=\{|\[)|(?<=^\])(?=\{|\[)/m).map((text) => JSON.parse(text));
  if (documents.length < files.length) {
    // It stops at a file that it cannot read.
    if (files.length === 1) return new Map([[files[0], [{ rule: 'syntax', message: stderr }]]]);
    const half = files.length >> 1;
    const [first, second] = [files.slice(0, half), files.slice(half)];
    return new Map([...await redocly(folder, first), ...await redocly(folder, second)]);
  }
  const problems = documents.flatMap((document) => document.problems ?? []);
  return byFile(problems.map(({ ruleId, message, location: [{ source, start, end = start }] }) => [
    source.ref, { rule: ruleId, message, lines: [start.line, end.line] },
  ]));
}

/** Returns the problems that Spectral reports, by file. */
async function spectral(folder, files) {
  // It exits before a pipe has all of a long report.
  const report = join(folder, 'spectral.json');
  await run('spectral', ['lint', ...files, '--format=json', `--output=${report}`, '--quiet'], folder);
  return byFile(JSON.parse(readFileSync(report, 'utf8') || '[]').filter(({ source }) => source)
    .map(({ source, code, message, range }) => [
      source.split('/').at(-1), { rule: code, message, lines: [range.start.line + 1, range.end.line + 1] },
    ]));
}

function byFile(reports) {
  const files = new Map();
  for (const [file, problem] of reports) files.set(file, [...files.get(file) ?? [], problem]);
  return files;
}
