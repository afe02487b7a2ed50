// Lint must catch each defect of defects.diff, planted one at a time, by the rule that it is for.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, test } from 'node:test';
import { changed, changesIn, contract, run, scratch } from './contract.mjs';

/** Returns the ids of the Redocly rules that report a problem; `syntax` for invalid YAML. */
async function redocly(folder) {
  const args = ['lint', '--format=json', '--max-problems=1000'];
  const { status, stdout, stderr } = await run('redocly', args, folder);
  if (status === 0) return [];
  if (stdout === '' && stderr.includes('Failed to parse API')) return ['syntax'];
  return JSON.parse(stdout).problems.map((problem) => problem.ruleId);
}

/** Returns the ids of the Spectral rules that report a problem. */
async function spectral(folder) {
  const args = ['lint', 'workspace.yaml', '--format=json', '--fail-severity=warn', '--quiet'];
  const { status, stdout } = await run('spectral', args, folder);
  return status === 0 ? [] : JSON.parse(stdout).map((problem) => problem.code);
}

describe('lint', { concurrency: availableParallelism() }, () => {
  test('reports nothing in the contract itself', async (t) => {
    const folder = scratch(t, contract);
    assert.deepEqual([...await redocly(folder), ...await spectral(folder)], []);
  });

  for (const [name, change] of Object.entries(changesIn('defects.diff'))) {
    const [defect, rule] = name.split(': ');
    test(`catches ${defect}`, async (t) => {
      const folder = scratch(t, changed(change));
      const reported = await redocly(folder);
      if (!reported.includes(rule)) reported.push(...await spectral(folder));
      const others = reported.join(', ') || 'nothing';
      assert.ok(reported.includes(rule), `${rule} reports nothing; reported: ${others}`);
    });
  }
});
