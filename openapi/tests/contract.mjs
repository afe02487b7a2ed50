// A scratch copy of the contract and its tools, in which a test plants a change.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const home = dirname(dirname(fileURLToPath(import.meta.url)));
export const contract = readFileSync(join(home, 'workspace.yaml'), 'utf8');

/** The text with one passage replaced; the passage must be there once, so that a test cannot silently plant nothing. */
export function replaced(text, passage, by) {
  assert.equal(text.split(passage).length, 2, `not once in the text: ${passage}`);
  return text.replace(passage, () => by);
}

/** The contract with each passage (first of a pair) replaced by its edit (second). */
export const edited = (edits) => edits.reduce((text, [passage, by]) => replaced(text, passage, by), contract);

/** A folder `openapi` that holds the edited contract and the rules of lint, and is gone after the test. */
export function scratch(t, edits = []) {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const openapi = join(folder, 'openapi');
  for (const file of ['redocly.yaml', '.redocly.lint-ignore.yaml', '.spectral.yaml', 'rules']) {
    cpSync(join(home, file), join(openapi, file), { recursive: true });
  }
  writeFileSync(join(openapi, 'workspace.yaml'), edited(edits));
  return openapi;
}

/** Runs a program of node_modules, or a script of this folder, and gives its status and everything it printed. */
export function run(program, args, cwd) {
  const command = program.endsWith('.mjs') ? [process.execPath, join(home, program)] : [join(home, 'node_modules', '.bin', program)];
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], [...command.slice(1), ...args], { cwd });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => { stdout += data; });
    child.stderr.on('data', (data) => { stderr += data; });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
