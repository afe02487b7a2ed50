// A scratch copy of the contract and its tools, in which a test changes the contract.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const home = dirname(dirname(fileURLToPath(import.meta.url)));
export const contract = readFileSync(join(home, 'workspace.yaml'), 'utf8');
/** A contract that does not change, for tests that plant changes in it. */
export const frozen = readFileSync(join(home, 'released', '1.0.0.yaml'), 'utf8');
/** The facts that the frozen contract agrees with: those of today's contract may be others. */
const frozenFacts = join(home, 'released', '1.0.0.facts.json');

/**
 * Reads a file of changes to the contract: blocks with a heading `# NAME` and, below it, the change
 * as in a unified diff. Returns the changes by name.
 *
 * Hunks are separated by lines that begin with `@@`. Text after it is a line of the contract, and
 * the hunk then applies to the first match below that line. Without it, there must be exactly one
 * match.
 */
export function changesIn(file) {
  const blocks = readFileSync(join(home, 'tests', file), 'utf8').split(/^# /m).slice(1);
  return Object.fromEntries(blocks.map((block) => {
    const [name, ...lines] = block.trimEnd().split('\n');
    return [name, lines.join('\n')];
  }));
}

/** Returns the frozen contract with a change and, if given, another version. */
export function changed(change, version = undefined) {
  const hunks = change.split(/^(?=@@)/m).filter((hunk) => hunk !== '');
  const text = hunks.reduce(withHunk, frozen);
  return version ? text.replace(/^ {2}version: .+$/m, `  version: ${version}`) : text;
}

/** Returns the text with a hunk applied; fails if it does not match. */
function withHunk(text, hunk) {
  const lines = hunk.split('\n').filter((line) => line !== '');
  const anchor = lines[0].startsWith('@@') ? lines.shift().slice(2).trim() : '';
  const linesWithout = (sign) => lines.filter((line) => line[0] !== sign)
    .map((line) => `${line.slice(1)}\n`).join('');
  const before = `\n${linesWithout('+')}`;
  const after = `\n${linesWithout('-')}`;

  const start = anchor ? offsetOf(anchor, text) : 0;
  const matches = text.slice(start).split(before).length - 1;
  assert.ok(anchor ? matches > 0 : matches === 1, `${matches} matches for:\n${hunk}`);
  const at = text.indexOf(before, start);
  return text.slice(0, at) + after + text.slice(at + before.length);
}

/** Returns the offset of a line, whatever its indentation. */
function offsetOf(line, text) {
  let offset = 0;
  for (const candidate of text.split('\n')) {
    if (candidate.trim() === line) return offset;
    offset += candidate.length + 1;
  }
  return assert.fail(`the contract has no line: ${line}`);
}

/**
 * Creates a folder `openapi` with this contract, the frozen facts and the lint rules; the test or
 * suite removes it.
 */
export function scratch(t, text) {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const openapi = join(folder, 'openapi');
  for (const file of ['redocly.yaml', '.spectral.yaml', 'rules']) {
    cpSync(join(home, file), join(openapi, file), { recursive: true });
  }
  symlinkSync(join(home, 'node_modules'), join(openapi, 'node_modules'));
  cpSync(frozenFacts, join(openapi, 'facts.json'));
  writeFileSync(join(openapi, 'workspace.yaml'), text);
  return openapi;
}

/** Runs a program of node_modules or a script of this folder; returns status, stdout and stderr. */
export function run(program, args, cwd) {
  const [command, ...first] = program.endsWith('.mjs')
    ? [process.execPath, join(home, program)]
    : [join(home, 'node_modules', '.bin', program)];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], { cwd });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => { stdout += data; });
    child.stderr.on('data', (data) => { stderr += data; });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
