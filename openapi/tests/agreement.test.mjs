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

const isNamed = (reason) => ({ rule, message }) => !rule.startsWith('project/') || reason.test(message);

/** What lint may report for each verdict. */
const EXPECTED = {
  both_take: (found) => found.length === 0,
  both_refuse: (found) => found.length > 0,
  ...Object.fromEntries(Object.entries(REASONS)
    .map(([verdict, reason]) => [verdict, (found) => found.some(isNamed(reason))])),
};

/** Returns the contract with a construct in place of the comments of its place. */
function planted(place, construct) {
  const mark = `# ${place}: `;
  assert.ok(contract.includes(mark), `the contract has no \`${mark}\``);
  return contract.split('\n').map((line) => (line.trimStart().startsWith(mark)
    ? line.replace(mark, '').replaceAll('…', () => construct) : line)).join('\n');
}

const cases = Object.entries({ both_take: taken, both_refuse: refused, ...refusedByLint })
  .flatMap(([verdict, constructs]) => Object.entries(constructs)
    .flatMap(([place, list]) => list.map((construct) => ({ verdict, place, construct }))))
  .map((entry, i) => ({ ...entry, file: `construct-${i}.yaml` }));

/** Returns what lint reports, apart from differences to the facts of another contract. */
const reported = (problems, file) => problems.get(file).filter(({ rule }) => rule !== 'project/vendor-facts');

/** Returns the constructs of a verdict of which something else is reported. */
const unexpected = (problems, verdict) => cases.filter((entry) => entry.verdict === verdict)
  .map(({ place, construct, file }) => [`${place}: ${construct}`, reported(problems, file)])
  .filter(([, found]) => !EXPECTED[verdict](found))
  .map(([name, found]) => [name, ...found.map(({ rule, message }) => `${rule}: ${message}`)]);

describe('lint and build agree on', () => {
  let problems;

  before(async () => {
    const folder = scratch({ after }, frozen);
    writeFileSync(join(folder, 'contract.yaml'), contract);
    for (const { file, place, construct } of cases) writeFileSync(join(folder, file), planted(place, construct));
    const files = ['contract.yaml', ...cases.map(({ file }) => file)];
    const areExpected = (found) => reported(found, 'contract.yaml').length === 0
      && Object.keys(EXPECTED).every((verdict) => unexpected(found, verdict).length === 0);
    problems = await keptProblemsIn(folder, files, 'constructs', areExpected);
  });

  test('the contract without a construct', () => assert.deepEqual(reported(problems, 'contract.yaml'), []));
  test('what both take', () => assert.deepEqual(unexpected(problems, 'both_take'), []));
  test('what both refuse', () => assert.deepEqual(unexpected(problems, 'both_refuse'), []));
  for (const verdict of Object.keys(REASONS)) {
    test(`what lint refuses for ${verdict.replaceAll('_', ' ')}, which it says`, () => {
      assert.deepEqual(unexpected(problems, verdict), []);
    });
  }
});
