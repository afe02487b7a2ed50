// Lint must catch each defect of defects.diff, planted one at a time, by the rule that it is for.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { changed, changesIn, frozen, home, run, scratch } from './contract.mjs';

const defects = Object.entries(changesIn('defects.diff')).map(([name, change], i) => {
  const [defect, rule] = name.split(': ');
  return { defect, rule, change, file: `defect-${i}.yaml` };
});

/** Returns the ids of the Redocly rules that report a problem; `syntax` for invalid YAML. */
async function redocly(folder, files) {
  const args = ['lint', ...files, '--format=json', '--max-problems=10000'];
  const { stdout, stderr } = await run('redocly', args, folder);
  if (stdout === '' && stderr.includes('Failed to parse API')) {
    return new Map(files.map((file) => [file, ['syntax']]));
  }
  // One document for each file.
  const documents = stdout.split(/(?<=^\})(?=\{|\[)|(?<=^\])(?=\{|\[)/m).map((text) => JSON.parse(text));
  const problems = documents.flatMap((document) => document.problems ?? []);
  return byFile(problems.map(({ ruleId, location }) => [location[0].source.ref, ruleId]));
}

/** Returns the ids of the Spectral rules that report a problem. */
async function spectral(folder, files) {
  const args = ['lint', ...files, '--format=json', '--fail-severity=warn', '--quiet'];
  const { stdout } = await run('spectral', args, folder);
  return byFile(JSON.parse(stdout || '[]').map(({ source, code }) => [source.split('/').at(-1), code]));
}

function byFile(reports) {
  const files = new Map();
  for (const [file, rule] of reports) files.set(file, [...files.get(file) ?? [], rule]);
  return files;
}

/** The reports of the latest run that caught every defect. They do not depend on the present contract, and take half a minute. */
const cache = join(home, 'build', 'lint-reports.json');

/** Returns a hash of everything that the reports depend on. */
function inputs() {
  const hash = createHash('sha256').update(process.version);
  const rules = readdirSync(join(home, 'rules'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  const others = ['package-lock.json', 'redocly.yaml', '.spectral.yaml', 'released', 'tests'].flatMap((name) => {
    const path = join(home, name);
    return name.includes('.') ? [path] : readdirSync(path).sort().map((file) => join(path, file));
  });
  for (const file of [...rules, ...others]) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function cachedReports() {
  try {
    const { inputs: then, reports } = JSON.parse(readFileSync(cache, 'utf8'));
    return then === inputs() ? reports : undefined;
  } catch {
    return undefined;
  }
}

describe('lint', () => {
  let reported = new Map();

  // One process for all files: starting one takes longer than checking a file.
  before(async () => {
    const reports = cachedReports();
    if (reports !== undefined) {
      reported = new Map(reports);
      return;
    }
    const folder = scratch({ after }, frozen);
    for (const { file, change } of defects) writeFileSync(join(folder, file), changed(change));
    const isReadable = ({ rule }) => rule !== 'syntax';
    const readable = defects.filter(isReadable).map(({ file }) => file);
    const results = await Promise.all([
      redocly(folder, readable),
      spectral(folder, readable),
      ...defects.filter((defect) => !isReadable(defect)).map(({ file }) => redocly(folder, [file])),
    ]);
    for (const result of results) {
      for (const [file, rules] of result) reported.set(file, [...reported.get(file) ?? [], ...rules]);
    }
    if (!defects.every(({ rule, file }) => reported.get(file)?.includes(rule))) return;
    mkdirSync(join(home, 'build'), { recursive: true });
    writeFileSync(cache, JSON.stringify({ inputs: inputs(), reports: [...reported] }));
  });

  test('reports nothing in a contract without defects', async (t) => {
    const folder = scratch(t, frozen);
    const files = ['workspace.yaml'];
    const results = [await redocly(folder, files), await spectral(folder, files)];
    assert.deepEqual(results.flatMap((result) => [...result.values()].flat()), []);
  });

  test('takes values of one name that have names of their own', async (t) => {
    const folder = scratch(t, frozen);
    writeFileSync(join(folder, 'named.yaml'), changed(`
-          enum: [USER, GROUP]
+          enum: [USER, GROUP, user]
+          x-enum-varnames: [USER, GROUP, LOWER_USER]
`));
    const results = [await redocly(folder, ['named.yaml']), await spectral(folder, ['named.yaml'])];
    assert.deepEqual(results.flatMap((result) => [...result.values()].flat()), ['project/vendor-facts']);
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
    let results = [await redocly(folder, ['elsewhere.yaml']), await spectral(folder, ['elsewhere.yaml'])];
    const found = () => results.flatMap((result) => [...result.values()].flat());
    assert.deepEqual(found(), ['project/vendor-facts', 'project/vendor-facts']);

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
    results = [await redocly(folder, ['elsewhere.yaml']), await spectral(folder, ['elsewhere.yaml'])];
    assert.deepEqual(found(), []);
  });

  test('objects to nothing but wording, the way of the examples, and missing facts in what the vendor has elsewhere', async (t) => {
    const folder = scratch(t, frozen);
    cpSync(join(home, '..', 'tests', 'growth', '25-operations.yaml'), join(folder, 'workspace.yaml'));
    const results = [await redocly(folder, ['workspace.yaml']), await spectral(folder, ['workspace.yaml'])];
    const wording = [
      'no-invalid-schema-examples', 'no-unused-components', 'oas3-unused-component', 'oas3-valid-schema-example',
      'project/distinct-description', 'project/distinct-error-code', 'project/exampled', 'project/exampled-parameter',
      'project/real-example',
    ];
    // Of its ids and of the project's, which are older than those of the contract.
    const older = ['project/no-path-pattern-in-body', 'project/portable-pattern', 'project/unique-names'];
    const rules = results.flatMap((result) => [...result.values()].flat());
    assert.deepEqual([...new Set(rules)].sort(), [...wording, ...older, 'project/vendor-facts'].sort());
  });

  for (const { defect, rule, file } of defects) {
    test(`catches ${defect}`, () => {
      const rules = reported.get(file) ?? [];
      assert.ok(rules.includes(rule), `${rule} reports nothing; reported: ${rules.join(', ') || 'nothing'}`);
    });
  }
});
