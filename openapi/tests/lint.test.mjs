// Lint must catch each defect of defects.diff, planted one at a time, by the rule that it is for.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { changed, changesIn, frozen, home, scratch } from './contract.mjs';
import { keptProblemsIn, problemsIn } from './linters.mjs';

const defects = Object.entries(changesIn('defects.diff')).map(([name, change], i) => {
  const [defect, rule] = name.split(': ');
  return { defect, rule, change, file: `defect-${i}.yaml` };
});

const rulesIn = (problems) => problems.map(({ rule }) => rule);

/** Returns the rules that report a problem in one file. */
const rulesOf = async (folder, file) => rulesIn((await problemsIn(folder, [file])).get(file));

/** Returns the rules that report a problem in a defect. */
const reportedFor = (problems, { file }) => rulesIn(problems.get(file));

describe('lint', () => {
  let problems;

  before(async () => {
    const folder = scratch({ after }, frozen);
    for (const { file, change } of defects) writeFileSync(join(folder, file), changed(change));
    problems = await keptProblemsIn(folder, defects.map(({ file }) => file), 'defects');
  });

  test('reports nothing in a contract without defects', async (t) => {
    const folder = scratch(t, frozen);
    assert.deepEqual(await rulesOf(folder, 'workspace.yaml'), []);
  });

  test('takes values of one name that have names of their own', async (t) => {
    const folder = scratch(t, frozen);
    writeFileSync(join(folder, 'named.yaml'), changed(`
-          enum: [USER, GROUP]
+          enum: [USER, GROUP, user]
+          x-enum-varnames: [USER, GROUP, LOWER_USER]
`));
    assert.deepEqual(await rulesOf(folder, 'named.yaml'), ['project/vendor-facts']);
  });

  test('reports a schema once that many responses have', async (t) => {
    const folder = scratch(t, frozen);
    const schema = /\n    ErrorResponse:\n(?:.*\n)*?        error_code:\n/;
    writeFileSync(join(folder, 'closed.yaml'), frozen.replace(schema, (text) => `${text}          format: uuid\n`));
    const rules = await rulesOf(folder, 'closed.yaml');
    assert.deepEqual(rules.filter((rule) => rule === 'project/tolerant-response'), ['project/tolerant-response']);
  });

  test('asks for the facts of an operation and of its schemas, and takes what the vendor has elsewhere', async (t) => {
    const folder = scratch(t, frozen);
    const operation = `
    delete:
      operationId: RemoveDesktops
      tags: [Desktops]
      summary: Remove desktops
      description: Removes desktops.
      x-huaweicloud-iam-action: workspace:desktops:logoff
      parameters:
        - $ref: '#/components/parameters/ProjectInPath'
      requestBody:
        description: The desktops to remove.
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/RemoveDesktopsReq'
            example:
              desktop_ids: [4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001]
      responses:
        '204':
          description: The desktops were removed.
          headers: { X-Request-Id: { $ref: '#/components/headers/RequestId' } }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '404': { $ref: '#/components/responses/NotFound' }`;
    const schema = `
    RemoveDesktopsReq:
      type: object
      description: The desktops to remove.
      allOf:
        - $ref: '#/components/schemas/LogoffDesktopsReq'`;
    const text = frozen.replace(/\ncomponents:\n/, (line) => operation + line)
      .replace(/\n  schemas:/, (line) => line + schema);
    writeFileSync(join(folder, 'elsewhere.yaml'), text);
    const unknown = await rulesOf(folder, 'elsewhere.yaml');
    assert.deepEqual(unknown, ['project/vendor-facts', 'project/vendor-facts']);

    const facts = JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8'));
    const { BatchLogoffDesktops: { page, ...logoff } } = facts.operations;
    facts.operations.RemoveDesktops = {
      ...logoff,
      method: 'DELETE',
      request: 'RemoveDesktopsReq',
      responses: { 204: 'no body' },
      errors: ['401', '404'],
    };
    // The properties are those of the part.
    facts.schemas.RemoveDesktopsReq = facts.schemas.LogoffDesktopsReq;
    for (const list of ['desktop_ids / minItems', 'desktop_ids / items / minLength']) {
      const path = `schemas / RemoveDesktopsReq / properties / ${list}`;
      facts.deviations.push({ path, contract: 1, reason: 'As for a log-off.' });
    }
    writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts));
    assert.deepEqual(await rulesOf(folder, 'elsewhere.yaml'), []);
  });

  test('objects to nothing but wording, the way of the examples, and missing facts in what the vendor has elsewhere', async (t) => {
    const folder = scratch(t, frozen);
    cpSync(join(home, '..', 'tests', 'growth', '25-operations.yaml'), join(folder, 'workspace.yaml'));
    const wording = [
      'no-invalid-schema-examples', 'no-unused-components', 'oas3-unused-component', 'oas3-valid-schema-example',
      'project/distinct-description', 'project/distinct-error-code', 'project/exampled', 'project/exampled-parameter',
      'project/real-example',
    ];
    const rules = await rulesOf(folder, 'workspace.yaml');
    assert.deepEqual([...new Set(rules)].sort(), [...wording, 'project/vendor-facts'].sort());
  });

  for (const planted of defects) {
    const { defect, rule } = planted;
    test(`catches ${defect}`, () => {
      const rules = reportedFor(problems, planted);
      assert.ok(rules.includes(rule), `${rule} reports nothing; reported: ${rules.join(', ') || 'nothing'}`);
    });
  }
});
