// `npm run derive`: writes what teams use in addition to the contract into derived/: types for TypeScript, a
// workflow in Arazzo (detach, read, retry), and a collection for Postman and Bruno. `npm test` fails if
// they are older than the contract.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTypeScript, { astToString } from 'openapi-typescript';
import { parse, stringify } from 'yaml';

const program = fileURLToPath(import.meta.url);
const here = dirname(program);
const file = join(here, 'workspace.yaml');
const contract = parse(readFileSync(file, 'utf8'));

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** The operations by id, each with path, method, parameters, and the example of its request. */
const operations = Object.fromEntries(Object.entries(contract.paths).flatMap(([path, item]) => METHODS
  .filter((method) => item[method])
  .map((method) => {
    const operation = item[method];
    const parameters = (operation.parameters ?? [])
      .map((parameter) => contract.components.parameters[parameter.$ref?.split('/').at(-1)] ?? parameter);
    const example = operation.requestBody?.content['application/json'].example;
    return [operation.operationId, { ...operation, path, method, parameters, example }];
  })));

async function types() {
  const options = { defaultNonNullable: false };
  return astToString(await openapiTypeScript(pathToFileURL(file), options));
}

/** Returns a step that calls an operation and retries it where this is safe. */
function step(stepId, operationId, { retried, ...rest }) {
  const { summary, parameters, example } = operations[operationId];
  const inputs = parameters.filter(({ required }) => required)
    .map(({ name, in: place }) => ({ name, in: place, value: `$inputs.${name}` }));
  return {
    stepId,
    description: summary,
    operationId,
    parameters: [{ name: 'X-Auth-Token', in: 'header', value: '$inputs.token' }, ...inputs],
    ...example && { requestBody: { contentType: 'application/json', payload: rest.payload } },
    successCriteria: [{ condition: '$statusCode == 200' }],
    onFailure: retried.map((status) => ({
      name: `retry-${status}`,
      type: 'retry',
      retryAfter: 5,
      retryLimit: 3,
      criteria: [{ condition: `$statusCode == ${status}` }],
    })),
    outputs: rest.outputs,
  };
}

function workflow() {
  const { info, components } = contract;
  const example = (name) => components.schemas[name].example;
  return stringify({
    arazzo: '1.0.1',
    info: {
      title: `${info.title}: detach, read, retry`,
      version: info.version,
      description: 'Unbinds all users from a desktop, then reads its unbinding records. A throttled request '
        + '(429) is retried. An unbinding is retried in no other case, because it may have been processed.',
    },
    sourceDescriptions: [{ name: 'workspace', url: '../workspace.yaml', type: 'openapi' }],
    workflows: [{
      workflowId: 'detach-and-read',
      summary: 'Unbind all users from a desktop and read the records',
      description: '`failed` lists the desktops whose unbinding failed, although the status was 200.',
      inputs: {
        type: 'object',
        required: ['token', 'project_id', 'desktop_id'],
        properties: {
          token: { type: 'string', format: 'password', description: 'An IAM token.' },
          project_id: { type: 'string', description: 'The project.', examples: [example('ProjectId')] },
          desktop_id: { type: 'string', description: 'The desktop.', examples: [example('DesktopId')] },
        },
      },
      steps: [
        step('detach', 'BatchDetachInstances', {
          retried: [429],
          payload: { desktops: [{ desktop_id: '$inputs.desktop_id', is_detach_all_users: true }] },
          outputs: { failed: '$response.body#/failed_operation_list', job: '$response.body#/job_id' },
        }),
        step('read', 'ListDesktopDetachInfo', {
          retried: [429, 500, 502, 503, 504],
          outputs: { records: '$response.body#/desktop_detach_infos' },
        }),
      ],
      outputs: { failed: '$steps.detach.outputs.failed', records: '$steps.read.outputs.records' },
    }],
  });
}

/** A collection of Postman's format 2.1, which Bruno and other clients import. */
function collection() {
  const { info, servers: [server] } = contract;
  const variables = new Map(Object.values(operations)
    .flatMap(({ parameters }) => parameters.map(({ name, example }) => [name, example])));
  const region = server.variables.region.default;
  const item = Object.entries(operations).map(([operationId, operation]) => {
    const { summary, description, path, method, example } = operation;
    return {
      name: summary,
      request: {
        method: method.toUpperCase(),
        description: `Operation id: \`${operationId}\`.\n\n${description}`,
        header: example ? [{ key: 'Content-Type', value: 'application/json' }] : [],
        url: `{{base_url}}${path.replaceAll('{', '{{').replaceAll('}', '}}')}`,
        ...example && { body: { mode: 'raw', raw: JSON.stringify(example, null, 2) } },
      },
      event: [{ listen: 'test', script: { type: 'text/javascript', exec: checks(operation) } }],
    };
  });
  return `${JSON.stringify({
    info: {
      name: info.title,
      description: info.description,
      version: info.version,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: {
      type: 'apikey',
      apikey: [
        { key: 'key', value: 'X-Auth-Token' },
        { key: 'value', value: '{{token}}' },
        { key: 'in', value: 'header' },
      ],
    },
    variable: [
      { key: 'base_url', value: server.url.replace('{region}', region) },
      { key: 'token', value: '' },
      ...[...variables].map(([key, value]) => ({ key, value })),
    ],
    item,
  }, null, 2)}\n`;
}

/** Returns the checks of a response: its status, and the failures that a success reports. */
function checks({ responses }) {
  const status = Object.keys(responses).find((code) => code.startsWith('2'));
  const lines = [`pm.test('status ${status}', () => pm.response.to.have.status(${status}));`];
  const name = responses[status].content?.['application/json'].schema.$ref?.split('/').at(-1);
  if (contract.components.schemas[name]?.properties.failed_operation_list) {
    lines.push(
      'const failed = pm.response.json().failed_operation_list || [];',
      'for (const failure of failed) {',
      '  console.warn(`${failure.desktop_id} failed: ${failure.error_code} ${failure.error_msg}`);',
      '}',
    );
  }
  return lines;
}

/** Returns the derived files by name. */
export async function derived() {
  return {
    'workspace.d.ts': await types(),
    'workspace.arazzo.yaml': workflow(),
    'workspace.postman_collection.json': collection(),
  };
}

if (process.argv[1] === program) {
  mkdirSync(join(here, 'derived'), { recursive: true });
  for (const [name, text] of Object.entries(await derived())) {
    writeFileSync(join(here, 'derived', name), text);
  }
}
