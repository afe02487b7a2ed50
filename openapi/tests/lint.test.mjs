// Lint must catch each of these defects, planted one at a time, by the rule that is meant for it.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, test } from 'node:test';
import { run, scratch } from './contract.mjs';

/** The ids of the rules of Redocly that complain; `syntax` if the file is no YAML. */
async function redocly(folder) {
  const { status, stdout, stderr } = await run('redocly', ['lint', '--format=json', '--max-problems=1000'], folder);
  if (status === 0) return [];
  return stdout === '' && stderr.includes('Failed to parse API') ? ['syntax'] : JSON.parse(stdout).problems.map((problem) => problem.ruleId);
}

/** The ids of the rules of Spectral that complain. */
async function spectral(folder) {
  const { status, stdout } = await run('spectral', ['lint', 'workspace.yaml', '--format=json', '--fail-severity=warn', '--quiet'], folder);
  return status === 0 ? [] : JSON.parse(stdout).map((problem) => problem.code);
}

const userName = "      minLength: 1\n      maxLength: 64\n      example: li-na\n";
const logoffIds = '          description: The desktops to log off, at most 100 in one request.\n          maxItems: 100\n';
const jobId = '          description: The job that unbinds desktops of a desktop pool. Empty or absent for ordinary desktops.\n';
const desktopIdPattern = "(\\.{0,2}[^./?#%\\\\\\x00-\\x1f\\x7f-\\x9f]|\\.{3})[^/?#%\\\\\\x00-\\x1f\\x7f-\\x9f]*$'\n      example: 4f6f";

/** What is wrong, the rule that says so, and the edit that plants it. */
const defects = [
  ['a line that is indented wrongly', 'syntax', ['      required: [user_name]\n', '       required: [user_name]\n']],
  ['a misspelt keyword', 'struct', ['          maxItems: 500\n', '          maxItem: 500\n']],
  ['a dangling $ref', 'no-unresolved-refs', ["items:\n            $ref: '#/components/schemas/DesktopDetachInfo'", "items:\n            $ref: '#/components/schemas/DesktopDetachInfos'"]],
  ['an unused schema', 'no-unused-components', ['  schemas:\n', '  schemas:\n    Left:\n      type: object\n      description: Left over.\n']],
  ['an operation id that is there twice', 'operation-operationId-unique', ['operationId: BatchLogoffDesktops', 'operationId: BatchDetachInstances']],
  ['an operation id that is missing', 'operation-operationId', ['      operationId: ListDesktopDetachInfo\n', '']],
  ['an operation id that is not the vendor\'s', 'project/vendor-names', ['operationId: BatchLogoffDesktops', 'operationId: LogOffDesktops']],
  ['a schema that is not the vendor\'s', 'project/vendor-names', ["items:\n            $ref: '#/components/schemas/VmOperateResult'", "items:\n            $ref: '#/components/schemas/OperateResult'"], ['    VmOperateResult:\n', '    OperateResult:\n']],
  ['a property in camel case', 'project/vendor-names', ['        success_job_ids:\n          type: array', '        successJobIds:\n          type: array']],
  ['a path parameter that is not declared', 'path-parameters-defined', ["        - $ref: '#/components/parameters/DesktopId'\n", '']],
  ['a path parameter that is not required', 'path-params', ['      name: desktop_id\n      in: path\n      required: true\n', '      name: desktop_id\n      in: path\n      required: false\n']],
  ['an id that lets `..` through', 'project/safe-path', [`'^${desktopIdPattern}`, "'^[^/]*$'\n      example: 4f6f"]],
  ['a path that ends in a slash', 'no-path-trailing-slash', ['/desktops/logoff:', '/desktops/logoff/:']],
  ['two paths that are one', 'no-identical-paths', ['  /v2/{project_id}/desktops/logoff:\n', "  /v2/{id}/desktops/batch-detach:\n    parameters:\n      - { name: id, in: path, required: true, description: An id., schema: { $ref: '#/components/schemas/ProjectId' } }\n  /v2/{project_id}/desktops/logoff:\n"]],
  ['an operation without a summary', 'operation-summary', ['      summary: Log desktops off in batches\n', '']],
  ['an operation without a description', 'operation-description', ['      description: Lists the unbinding records of one desktop, one record for each user or user group.\n', '']],
  ['a property without a description', 'project/described', ['          description: More about the cause.\n', '']],
  ['an empty description', 'project/described', ['          description: More about the cause.\n', "          description: ''\n"]],
  ['a parameter without a description', 'parameter-description', ['      description: The desktop whose records are read.\n', '']],
  ['a response without a description', 'struct', ['      description: The state of a desktop does not allow the operation now.\n', '']],
  ['a header without a description', 'project/described', ["      description: Identifies the request. Give it to the vendor's support. A proxy's answer may lack it.\n", '']],
  ['a property without an example', 'project/exampled', ['          example: REBOOTING\n', '']],
  ['a body without an example', 'project/exampled', ['          example:\n            error_code: WKS.0202\n            error_msg: The desktop does not exist.\n', '']],
  ['an example of another type', 'no-invalid-schema-examples', ['          default: false\n          example: false\n', "          default: false\n          example: 'false'\n"]],
  ['an example beyond a limit', 'no-invalid-schema-examples', [userName, userName.replace('64', '4')]],
  ['an example with a value that is not in the enum', 'no-invalid-media-type-examples', ['                      user_group: users\n                      type: USER\n', '                      user_group: users\n                      type: PERSON\n']],
  ['an example with a property that does not exist', 'no-invalid-media-type-examples', ["                job_id: ''\n", "                jobid: ''\n"]],
  ['an example without a required property', 'no-invalid-media-type-examples', ['                      user_name: li-na\n                      domain', '                      domain']],
  ['a default that is not in the enum', 'oas3-valid-schema-example', ['default: USER', 'default: PERSON']],
  ['an enum value of another type', 'no-enum-type-mismatch', ['enum: [USER, GROUP]', 'enum: [USER, GROUP, 1]']],
  ['an enum value that is there twice', 'no-duplicated-enum-values', ['enum: [USER, GROUP]', 'enum: [USER, GROUP, USER]']],
  ['an enum in a response', 'project/tolerant-response', ['others may come.\n          example: USER\n', 'others may come.\n          enum: [USER, GROUP]\n          example: USER\n']],
  ['a format in a response', 'project/tolerant-response', ['so take it as text.\n', 'so take it as text.\n          format: date-time\n']],
  ['a length limit in a response', 'project/tolerant-response', [jobId, `${jobId}          maxLength: 64\n`]],
  ['a pattern in an error', 'project/tolerant-response', ['          description: More about the cause.\n', '          description: More about the cause.\n          pattern: ^[A-Z]+$\n']],
  ['a required property in a response', 'project/tolerant-response', ['      description: A desktop on which the operation failed, and why.\n', '      description: A desktop on which the operation failed, and why.\n      required: [desktop_id]\n']],
  ['a closed response', 'project/tolerant-response', ['      description: A desktop on which the operation failed, and why.\n', '      description: A desktop on which the operation failed, and why.\n      additionalProperties: false\n']],
  ['an array in a response that cannot be null', 'project/tolerant-response', ['that nobody was unbound.\n          nullable: true\n', 'that nobody was unbound.\n']],
  ['a list in a request without a limit', 'project/bounded-request', [logoffIds, logoffIds.replace('          maxItems: 100\n', '')]],
  ['a string in a request without a limit', 'project/bounded-request', ['          maxLength: 255\n          example: Maintenance', '          example: Maintenance']],
  ['a body that need not be sent', 'project/required-body', ['        description: The desktops, and the message to their users.\n        required: true\n', '        description: The desktops, and the message to their users.\n']],
  ['a required property that does not exist', 'no-required-schema-properties-undefined', ['required: [user_name]', 'required: [username]']],
  ['an operation without an IAM action', 'project/iam-action', ['      x-huaweicloud-iam-action: workspace:desktops:logoff\n', '']],
  ['an IAM action that is another operation\'s', 'project/iam-action', ['iam-action: workspace:desktops:logoff', 'iam-action: workspace:desktops:batchDetach']],
  ['an error with another body', 'project/errors', ["            $ref: '#/components/schemas/ErrorResponse'\n          example:\n            error_code: WKS.00010032\n", "            $ref: '#/components/schemas/VmOperateResult'\n          example:\n            error_code: WKS.00010032\n"]],
  ['an error that is not documented', 'project/errors', ["        '401':\n          $ref: '#/components/responses/Unauthorized'\n        '403':\n          $ref: '#/components/responses/Forbidden'\n        '404':\n          $ref: '#/components/responses/NotFound'\n        '500':", "        '403':\n          $ref: '#/components/responses/Forbidden'\n        '404':\n          $ref: '#/components/responses/NotFound'\n        '500':"]],
  ['a second success', 'project/single-success', ["        '200':\n          description: The log-off was accepted.", "        '202':\n          description: Accepted.\n        '200':\n          description: The log-off was accepted."]],
  ['an answer without its request id', 'project/errors', ["          description: The log-off was accepted. The answer has no body.\n          headers:\n            X-Request-Id:\n              $ref: '#/components/headers/RequestId'\n", '          description: The log-off was accepted. The answer has no body.\n']],
  ['a security scheme that does not exist', 'security-defined', ['  - Signature: []\n', '  - Signatures: []\n']],
  ['an operation that anybody may call', 'project/authenticated', ['      operationId: BatchLogoffDesktops\n', '      operationId: BatchLogoffDesktops\n      security: []\n']],
  ['a credential in the address', 'rule/credentials-in-headers', ['      in: header\n      name: X-Auth-Token', '      in: query\n      name: X-Auth-Token']],
  ['a header that the vendor does not read', 'rule/vendor-headers', ['      name: X-Auth-Token', '      name: X-Token']],
  ['a server without encryption', 'rule/https-only', ['https://workspace.{region}', 'http://workspace.{region}']],
  ['a list of nothing', 'rule/array-items', ['          items:\n            type: string\n            description: The id of a job.\n            example: 8a7b6c5d4e3f2a1b\n', '']],
  ['a version of OpenAPI that generators do not know', 'rule/version-of-openapi', ['openapi: 3.0.3', 'openapi: 3.0.9']],
  ['a tag that is not declared', 'operation-tag-defined', ['      operationId: BatchLogoffDesktops\n      tags: [Desktops]', '      operationId: BatchLogoffDesktops\n      tags: [Desktop]']],
  ['a server variable that does not exist', 'no-undefined-server-variable', ['https://workspace.{region}.', 'https://workspace.{zone}.']],
  ['a version that is not semantic', 'project/semantic-version', ['  version: 1.0.0\n', "  version: '1.0'\n"]],
  ['a script in a description', 'no-unsafe-markdown', ['The regional endpoint of Workspace.', 'The regional endpoint of <script>alert(1)</script>.']],
];

describe('lint', { concurrency: availableParallelism() }, () => {
  test('finds nothing in the contract as it is', async (t) => {
    const folder = scratch(t);
    assert.deepEqual([...await redocly(folder), ...await spectral(folder)], []);
  });

  for (const [defect, rule, ...edits] of defects) {
    test(`catches ${defect}`, async (t) => {
      const folder = scratch(t, edits);
      const rules = await redocly(folder);
      if (!rules.includes(rule)) rules.push(...await spectral(folder));
      assert.ok(rules.includes(rule), `${rule} is silent; these speak: ${rules.join(', ') || 'none'}`);
    });
  }
});
