// The comparison with the released contract must tell breaking changes from harmless ones, and hold their authors to it.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { edited, run, scratch } from './contract.mjs';

const version = (number) => [/^ {2}version: (.+)$/m.exec(edited([]))[0], `  version: ${number}`];

/** Runs the comparison of the contract as 1.0.0 with an edited one that calls itself `number`. */
async function compat(t, number, edits, { changelog = `## ${number}\n\n- Something.\n`, crate = '0.1', table = `| ${number} | ${crate} |\n` } = {}) {
  const folder = scratch(t, [...edits, version(number)]);
  mkdirSync(join(folder, 'released'));
  writeFileSync(join(folder, 'released', '1.0.0.yaml'), edited([version('1.0.0')]));
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  writeFileSync(join(folder, 'README.md'), table);
  writeFileSync(join(dirname(folder), 'Cargo.toml'), 'version = "0.1.3"\n');
  return run('compat.mjs', [folder], folder);
}

const project = '#/components/parameters/ProjectId';
const property = (name, rest) => `        ${name}:\n          ${rest}`;
const schema = (name, more) => [`    ${name}:\n      type: object\n`, `    ${name}:\n      type: object\n${more}`];
const conflict = "        '409':\n          $ref: '#/components/responses/Conflict'\n";
const anyStatus = "        '500':\n          $ref: '#/components/responses/InternalServerError'\n  /v2/{project_id}/desktops/{desktop_id}";

const breaking = {
  'a path renamed': [['/desktops/logoff:', '/desktops/log-off:']],
  'a path parameter renamed': [['/desktops/{desktop_id}/', '/desktops/{id}/'], ['name: desktop_id', 'name: id']],
  'a method changed': [['    get:\n      operationId: ListD', '    post:\n      operationId: ListD']],
  'an operation id renamed': [['operationId: BatchLogoffDesktops', 'operationId: LogoffDesktops']],
  'a tag renamed': [['BatchLogoffDesktops\n      tags: [Desktops]', 'BatchLogoffDesktops\n      tags: [Sessions]']],
  'a type renamed': [["items:\n            $ref: '#/components/schemas/DesktopDetachInfo'", "items:\n            $ref: '#/components/schemas/DetachInfo'"], ['    DesktopDetachInfo:\n', '    DetachInfo:\n']],
  'a property of a request renamed': [[property('is_detach_all_users', 'type: boolean'), property('detach_all_users', 'type: boolean')]],
  'a property of a request removed': [['        domain:\n          type: string\n          description: The domain that the user belongs to.\n          example: corp.example.com\n', '']],
  'a property of a response renamed': [[property('success_job_ids', 'type: array'), property('job_ids', 'type: array')]],
  'a property of an error removed': [['        error_detail:\n          type: string\n          description: More about the cause.\n          example: REBOOTING\n', '']],
  'a property that becomes required': [['required: [user_name]', 'required: [user_name, type]']],
  'a new required parameter': [["        - $ref: '#/components/parameters/DesktopId'\n", "        - $ref: '#/components/parameters/DesktopId'\n        - { name: limit, in: query, required: true, description: At most so many., schema: { type: integer } }\n"]],
  'another type in a request': [[property('is_detach_all_users', 'type: boolean'), property('is_detach_all_users', 'type: string')]],
  'another type in a response': [[property('detach_time', 'type: string'), property('detach_time', 'type: integer')]],
  'a date in a response': [['so take it as text.\n', 'so take it as text.\n          format: date-time\n']],
  'an enum in a response': [['others may come.\n          example: USER\n', 'others may come.\n          enum: [USER, GROUP]\n          example: USER\n']],
  'a limit in a response': [['          description: More about the cause.\n', '          description: More about the cause.\n          maxLength: 100\n']],
  'a list of a response that is never null': [['that nobody was unbound.\n          nullable: true\n', 'that nobody was unbound.\n']],
  'a lower limit of a list': [['maxItems: 500', 'maxItems: 50']],
  'a longer shortest list': [['minItems: 1', 'minItems: 2']],
  'a shorter name': [['maxLength: 64', 'maxLength: 20']],
  'a new pattern': [['      maxLength: 64\n', "      maxLength: 64\n      pattern: '^[a-z]+$'\n"]],
  'an enum value removed': [['enum: [USER, GROUP]', 'enum: [USER]']],
  'another default': [['default: USER', 'default: GROUP']],
  'another default region': [['default: ap-southeast-1', 'default: eu-west-101']],
  'a closed request': [schema('LogoffDesktopsReq', '      additionalProperties: false\n')],
  'another content type': [["          application/json:\n            schema:\n              $ref: '#/components/schemas/LogoffDesktopsReq'", "          application/xml:\n            schema:\n              $ref: '#/components/schemas/LogoffDesktopsReq'"]],
  'another success': [["        '200':\n          description: The log-off", "        '202':\n          description: The log-off"]],
  'an error removed': [[conflict + anyStatus, anyStatus]],
  'another server': [['https://workspace.{region}', 'https://desktops.{region}']],
  'credentials removed': [['  - UserToken: []\n', '']],
  'another header for a credential': [['name: X-Auth-Token', 'name: X-Token']],
  'another IAM action': [['iam-action: workspace:desktops:logoff', 'iam-action: workspace:desktops:logOff']],
};

const harmless = {
  'another description': [['A batch of unbindings.', 'Many unbindings.']],
  'another summary': [['summary: Log desktops off in batches', 'summary: Log desktops off']],
  'another example': [['          example: REBOOTING\n', '          example: STOPPING\n']],
  'another contact': [['name: Maintainers of workspace-api', 'name: Maintainers']],
  'a comment': [['# The contract:', '# A contract:']],
  'another order': [['BatchLogoffDesktops\n      tags: [Desktops]\n      summary: Log desktops off in batches\n', 'BatchLogoffDesktops\n      summary: Log desktops off in batches\n      tags: [Desktops]\n']],
  'a new optional property of a request': [['      properties:\n        desktop_ids:\n', '      properties:\n        force: { type: boolean, description: By force., example: true }\n        desktop_ids:\n']],
  'a new property of a response': [['          example: REBOOTING\n', '          example: REBOOTING\n        error_hint: { type: string, description: What to do., example: Wait. }\n']],
  'a new optional parameter': [["        - $ref: '#/components/parameters/DesktopId'\n", "        - $ref: '#/components/parameters/DesktopId'\n        - { name: limit, in: query, required: false, description: At most so many., schema: { type: integer } }\n"]],
  'a new operation': [['components:\n  securitySchemes', `  /v2/{project_id}/desktops:\n    get:\n      operationId: ListDesktops\n      parameters:\n        - $ref: '${project}'\n      responses: { '200': { description: Desktops. } }\ncomponents:\n  securitySchemes`]],
  'a new error': [[conflict + anyStatus, `${conflict}        '429':\n          $ref: '#/components/responses/Conflict'\n${anyStatus}`]],
  'a new way to authenticate': [['  - Signature: []\n', '  - Signature: []\n  - UserToken: []\n    Signature: []\n']],
  'a new header of a response': [['          description: The log-off was accepted. The answer has no body.\n          headers:\n', '          description: The log-off was accepted. The answer has no body.\n          headers:\n            X-Wait: { description: Seconds to wait., schema: { type: string } }\n']],
  'a higher limit': [['maxItems: 500', 'maxItems: 1000']],
  'a new enum value of a request': [['enum: [USER, GROUP]', 'enum: [USER, GROUP, ROLE]']],
  'a property that is not required any more': [['      required: [user_name]\n', '']],
};

describe('compat', { concurrency: availableParallelism() }, () => {
  for (const [change, edits] of Object.entries(breaking)) {
    test(`calls breaking: ${change}`, async (t) => {
      const { status, stderr } = await compat(t, '1.1.0', edits);
      assert.equal(status, 1);
      assert.match(stderr, /1\.0\.0 became 1\.1\.0, but the change is major \(breaking\): raise the major version\./);
    });
  }
  for (const [change, edits] of Object.entries(harmless)) {
    test(`calls harmless: ${change}`, async (t) => {
      const { status, stdout, stderr } = await compat(t, '1.1.0', edits);
      assert.equal(status, 0, stdout + stderr);
    });
  }

  const [words, wider, narrower] = [harmless['another summary'], harmless['a higher limit'], breaking['a lower limit of a list']];
  const policy = [
    ['no change at all', '1.0.0', [], {}],
    ['a word changed, version the same', '1.0.0', words, {}, /still says 1\.0\.0: raise its patch version/],
    ['a word changed, patch raised', '1.0.1', words, {}],
    ['a limit widened, patch raised', '1.0.1', wider, {}, /the change is minor: raise the minor version/],
    ['a limit narrowed, major raised', '2.0.0', narrower, {}],
    ['a change that the changelog does not tell', '1.0.1', words, { changelog: '## 1.0.0\n\n- First.\n' }, /no entry under `## 1\.0\.1`/],
    ['a heading in the changelog with nothing below', '1.0.1', words, { changelog: '## 1.0.1\n\n## 1.0.0\n\n- First.\n' }, /no entry under `## 1\.0\.1`/],
    ['a version that no crate has', '1.0.1', words, { table: '| 1.0.0 | 0.1 |\n' }, /no row for 1\.0\.1/],
    ['a crate that Cargo.toml does not build', '1.0.1', words, { crate: '0.2' }, /Cargo\.toml says 0\.1\.3/],
    ['a version that is older than the release', '0.9.0', words, {}, /older than the released 1\.0\.0/],
  ];
  for (const [situation, number, edits, files, complaint] of policy) {
    test(`${complaint ? 'refuses' : 'accepts'}: ${situation}`, async (t) => {
      const { status, stdout, stderr } = await compat(t, number, edits, files);
      assert.equal(status, complaint ? 1 : 0, stdout + stderr);
      if (complaint) assert.match(stderr, complaint);
    });
  }
});
