// Lint takes nothing that the build rejects, and rejects what the build takes only to protect something
// else than the Rust client. A test of the build reads the same table of constructs.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { frozen, home, scratch } from './contract.mjs';
import { keptProblemsIn } from './linters.mjs';

const table = join(home, '..', 'tests', 'contract_diagnostics', 'agreement.yaml');
const {
  contract, both_take: taken, both_refuse: refused, lint_refuses_for: refusedByLint,
} = parse(readFileSync(table, 'utf8'));

/** What the message of the project's rules must name. */
const REASONS = {
  vendor: /vendor|credentials/,
  readers: /descri|example|documentation/i,
  other_languages: /languages?|generators?\b|engines|Java|Python|Go\b|PHP|Ruby|clients/,
};

/** Returns the contract with a construct in place of the comments of its place. */
function planted(place, construct) {
  const mark = `# ${place}: `;
  assert.ok(contract.includes(mark), `the contract has no \`${mark}\``);
  return contract.split('\n').map((line) => (line.trimStart().startsWith(mark)
    ? line.replace(mark, '').replaceAll('…', () => construct) : line)).join('\n');
}

/** Returns whether a problem is of a construct: at its line, or one that names it where another part contradicts it. */
function isOf({ place, construct }) {
  const before = contract.split('\n');
  const lines = planted(place, construct).split('\n');
  const own = lines.flatMap((line, i) => (line === before[i] && !line.trim().startsWith(`${construct}:`) ? [] : [i + 1]));
  return ({ message, lines: [first, last] = [] }) => own.some((line) => first <= line && line <= last)
    || message.includes(`\`${construct}\``);
}

/** Whether a rule is about the construct itself, and not about what follows from it: an example that does not fit. */
const isStated = ({ rule }) => rule !== 'syntax' && (rule === 'oas3-schema' || !/example/.test(rule) || rule.startsWith('project/'));

const cases = Object.entries({ both_take: taken, both_refuse: refused, ...refusedByLint })
  .flatMap(([verdict, constructs]) => Object.entries(constructs)
    .flatMap(([place, list]) => list.map((construct) => ({ verdict, place, construct }))))
  .map((entry, i) => ({ ...entry, file: `construct-${i}.yaml` }));

describe('lint and build agree on', () => {
  let problems;

  before(async () => {
    const folder = scratch({ after }, frozen);
    writeFileSync(join(folder, 'contract.yaml'), contract);
    for (const { file, place, construct } of cases) writeFileSync(join(folder, file), planted(place, construct));
    problems = await keptProblemsIn(folder, ['contract.yaml', ...cases.map(({ file }) => file)], 'constructs');
  });

  /** Returns what lint reports, apart from differences to the facts of another contract. */
  const reported = (file) => problems.get(file).filter(({ rule }) => rule !== 'project/vendor-facts');

  test('the contract without a construct', () => assert.deepEqual(reported('contract.yaml'), []));

  /** Returns the constructs of a verdict of which something else is reported. */
  const unexpected = (verdict, isExpected) => cases.filter((entry) => entry.verdict === verdict)
    .map((entry) => [`${entry.place}: ${entry.construct}`, reported(entry.file), entry])
    .filter(([, found, entry]) => !isExpected(found, entry))
    .map(([name, found]) => [name, ...found.map(({ rule, message }) => `${rule}: ${message}`)]);

  test('what both take', () => assert.deepEqual(unexpected('both_take', (found) => found.length === 0), []));
  test('what both refuse, by a rule about it', () => {
    assert.deepEqual(unexpected('both_refuse', (found, entry) => found.filter(isStated).some(isOf(entry))), []);
  });
  for (const [verdict, reason] of Object.entries(REASONS)) {
    const isNamed = ({ rule, message }) => !rule.startsWith('project/') || reason.test(message);
    test(`what lint refuses for ${verdict.replaceAll('_', ' ')}, which it says`, () => {
      assert.deepEqual(unexpected(verdict, (found, entry) => found.filter(isNamed).some(isOf(entry))), []);
    });
  }
});
