// The lint rule for what the build of the Rust client rejects, and no other rule does: lint takes
// nothing that does not build. A table of constructs, tests/contract_diagnostics/agreement.yaml, holds both together.
import { bareName } from './portable.mjs';
import { PATH_CHARACTERS, USED_NAMES } from './shared.mjs';
import { Contract, isMap } from './tree.mjs';
import { parameterProblems } from './parameters.mjs';
import { schemaProblems } from './values.mjs';

/** Yields the places and the problems of references: the build knows those to components only. */
function* referenceProblems(node, path = []) {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, child] of Object.entries(node)) {
    const isComponent = path.length === 3 && path[0] === 'components';
    if (key === '$ref' && typeof child === 'string' && (isComponent || !/^#\/components\/\w+\/[^/]+$/.test(child))) {
      yield [[...path, key], isComponent
        ? 'This component is only a reference. Refer to the other one where this one is used.'
        : `\`${child}\` is not a component. Define what it refers to under \`components\`.`];
    }
    if (!['default', 'enum', 'example'].includes(key) || path.at(-1) === 'properties') {
      yield* referenceProblems(child, [...path, key]);
    }
  }
}

function* serverProblems({ root }) {
  for (const [i, { url }] of (root.servers ?? []).entries()) {
    if (/^[^/]*\/./.test(String(url).replace(/^\w+:\/\//, ''))) {
      yield [['servers', i, 'url'], 'Clients send no path of a server. Move it into `paths`.'];
    }
  }
  for (const [i, requirement] of (root.security ?? []).entries()) {
    if (Object.keys(requirement).length !== 1) {
      yield [['security', i], 'A client sends the credentials of one scheme. Name exactly one.'];
    }
  }
}

const SEGMENT = new RegExp(`^([A-Za-z0-9${PATH_CHARACTERS.replace(/[-\\\]^]/g, '\\$&')}]+|\\{[^{}]+\\})$`);

/** Yields the problems of paths that a URL changes, and that no request can have. */
function* pathProblems({ root }) {
  for (const path of Object.keys(root.paths ?? {}).filter((path) => !path.startsWith('x-'))) {
    const segments = path.split('/').slice(1).filter((segment, i, all) => segment !== '' || i < all.length - 1);
    const isDots = (segment) => /^\.\.?$/.test(segment.replace(/%2e/gi, '.'));
    if (!path.startsWith('/') || segments.some((segment) => !SEGMENT.test(segment) || isDots(segment))) {
      yield [['paths', path], `A URL would change \`${path}\`, or a part of a segment is a parameter. Between the slashes `
        + `are a parameter, or letters, digits and \`${PATH_CHARACTERS}\`, and no \`.\` or \`..\`.`];
    }
  }
}

function* operationProblems(contract) {
  const methods = new Map();
  for (const { path, method, operation } of contract.operations) {
    const id = String(operation.operationId);
    const name = id.replace(/_/g, '').toLowerCase();
    if (!/^[A-Za-z]\w*$/.test(id) || USED_NAMES.operations.includes(name)) {
      yield [[...path, 'operationId'], `\`${id}\` cannot be the name of a method of the Rust client. Choose another.`];
    }
    if (methods.has(name)) {
      yield [[...path, 'operationId'], `\`${id}\` and \`${methods.get(name)}\` become the same method. Choose another.`];
    }
    methods.set(name, id);
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const { content } = contract.follow(response) ?? {};
      const isEmpty = status === '204' || (method === 'head' && status.startsWith('2'));
      if (content && isEmpty) {
        yield [[...path, 'responses', status], 'This response has no body. Remove `content`.'];
      }
    }
    for (const key of ['x-huaweicloud-iam-dependencies', 'x-huaweicloud-iam-condition-keys']) {
      if (key in operation && !Array.isArray(operation[key])) yield [[...path, key], 'This must be a list.'];
    }
  }
  for (const [path, content] of contract.contents) {
    const types = Object.entries(content);
    if (types.length === 0) yield [path, 'This `content` is empty. Add `application/json`, or remove it.'];
    for (const [type, media] of types) {
      if (type !== 'application/json') yield [[...path, type], 'Clients send and read `application/json` only.'];
      if (!isMap(media?.schema)) yield [[...path, type], 'This media type has no `schema`. Add it.'];
    }
  }
}

/** Whether a schema inside of another becomes a type of its own. */
const isType = (schema) => ['properties', 'enum', 'pattern', 'maxLength', 'minLength'].some((key) => key in schema)
  || schema.allOf?.length > 1;

/** Yields the problems of schemas that become types of one name. */
function* typeProblems(contract) {
  const owners = new Map();
  for (const { path, schema, name, place } of contract.schemas) {
    if (place !== 'component' && !isType(schema)) continue;
    const key = bareName(name);
    if (place === 'component' && !/^[A-Za-z]/.test(name)) {
      yield [path, `\`${name}\` cannot be the name of a type of the Rust client. Begin it with a letter.`];
    }
    if (place === 'component' && USED_NAMES.schemas.some((used) => bareName(used) === key)) {
      yield [path, `\`${name}\` is a type that generated code uses. Rename it.`];
    }
    if (owners.has(key)) {
      yield [path, `This and \`${owners.get(key).join(' / ')}\` become the same type. Rename one.`];
    }
    owners.set(key, path);
  }
}

const buildable = () => ({
  Root(root, ctx) {
    const contract = new Contract(root);
    const checks = [
      referenceProblems(root), serverProblems(contract), pathProblems(contract), operationProblems(contract),
      parameterProblems(contract), typeProblems(contract), schemaProblems(contract),
    ];
    for (const [path, message] of checks.flatMap((check) => [...check])) {
      ctx.report({ message, location: ctx.location.child(path).key() });
    }
  },
});

export const buildRules = { buildable };
