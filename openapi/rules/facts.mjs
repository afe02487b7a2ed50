// The lint rule that holds the contract against facts.json, the table of what the vendor fixes.
import { readFileSync } from 'node:fs';
import { resolve } from './nodes.mjs';
import { METHODS, isMap } from './tree.mjs';

const facts = JSON.parse(readFileSync(new URL('../facts.json', import.meta.url), 'utf8'));

const LIMITS = [
  'type', 'format', 'enum', 'default', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems',
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'uniqueItems',
];

const deprecation = ({ deprecated }) => (deprecated === true ? { deprecated } : {});
const nameOf = (reference) => reference?.split('/').at(-1);

/** The contract in the form of facts.json, and where each of its facts is. */
class View {
  constructor(root, ctx) {
    this.ctx = ctx;
    this.follow = (node) => resolve(node, ctx.location, ctx).node ?? {};
    const { servers = [], tags = [], security = [], paths = {}, components = {} } = root;
    const region = servers[0]?.variables?.region;
    this.facts = {
      server: servers.length === 1 ? servers[0].url : `${servers.length} servers`,
      regions: region?.description?.match(/\b[a-z]{2}-[a-z]+-\d+\b/g) ?? [],
      tag: tags.length === 1 ? tags[0].name : tags.map(({ name }) => name),
      credentials: security.map((alternative) => Object.keys(alternative).map((name) => {
        const scheme = components.securitySchemes?.[name];
        return `${scheme?.in} ${scheme?.name}`;
      })),
      operations: Object.fromEntries(this.operations(paths)),
      schemas: Object.fromEntries(this.objects(components.schemas ?? {})),
    };
  }

  * operations(paths) {
    for (const [path, item] of Object.entries(paths)) {
      for (const method of METHODS.filter((method) => item[method]?.operationId)) {
        const operation = item[method];
        const parameters = [...item.parameters ?? [], ...operation.parameters ?? []]
          .map((parameter) => this.parameter(this.follow(parameter)));
        const responses = Object.entries(operation.responses ?? {});
        const successes = responses.filter(([status]) => !/^[45]/.test(status));
        const request = operation.requestBody && this.body(this.follow(operation.requestBody));
        yield [operation.operationId, {
          method: method.toUpperCase(),
          path,
          ...deprecation(operation),
          page: operation.externalDocs?.url,
          iam: {
            action: operation['x-huaweicloud-iam-action'],
            dependencies: operation['x-huaweicloud-iam-dependencies'] ?? [],
            condition_keys: operation['x-huaweicloud-iam-condition-keys'] ?? [],
          },
          parameters: Object.fromEntries(parameters),
          ...request && { request },
          responses: Object.fromEntries(successes.map(([status, response]) => [
            status, this.body(this.follow(response)),
          ])),
          errors: responses.map(([status]) => status).filter((status) => /^[45]/.test(status)),
        }];
      }
    }
  }

  parameter(parameter) {
    const { required = false, schema = {} } = parameter;
    return [`${parameter.in} ${parameter.name}`, {
      required, ...this.value(schema), ...deprecation(parameter),
    }];
  }

  body({ content = {} }) {
    const [[type, { schema = {} }] = ['no body', {}], ...others] = Object.entries(content);
    if (others.length > 0) return `${others.length + 1} media types`;
    if (type === 'no body') return type;
    const value = this.value(schema);
    return type === 'application/json' ? value : { [type]: value };
  }

  * objects(schemas) {
    for (const [name, node] of Object.entries(schemas)) {
      const schema = this.merged(node);
      if (schema.type === 'object' || name in facts.schemas) yield [name, this.object(schema)];
    }
  }

  object(schema) {
    const { properties = {}, required = [], additionalProperties: others } = schema;
    const values = Object.entries(properties).map(([property, node]) => [property, this.value(node)]);
    return {
      required,
      properties: Object.fromEntries(values),
      ...others !== undefined && {
        additionalProperties: typeof others === 'object' ? this.value(others) : others,
      },
      ...deprecation(schema),
    };
  }

  /** Returns a schema with all that the parts of its `allOf` have. */
  merged(node, above = []) {
    const schema = this.follow(node);
    const { allOf, ...rest } = schema;
    if (!allOf || above.includes(schema)) return rest;
    const parts = [...allOf.map((part) => this.merged(part, [...above, schema])), rest];
    return {
      type: 'object',
      ...Object.assign({}, ...parts),
      required: [...new Set(parts.flatMap(({ required = [] }) => required))],
      properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    };
  }

  /** Returns the limits of a value; of an object its name or, if it has none, what it consists of. */
  value(node, above = []) {
    const [target, schema] = [this.follow(node), this.merged(node)];
    // An `allOf` of one schema gives it another description.
    const isAlias = target.allOf?.length === 1 && !target.properties;
    const name = nameOf(node?.$ref ?? (isAlias ? target.allOf[0].$ref : undefined));
    if (above.includes(target)) return name;
    if (schema.type === 'object') return name ?? this.object(schema);
    const limits = LIMITS.filter((key) => key in schema).map((key) => [key, schema[key]]);
    return {
      ...Object.fromEntries(limits),
      ...deprecation(schema),
      ...schema.items && { items: this.value(schema.items, [...above, target]) },
    };
  }
}

/** Yields each path at which the two values differ, with both values. */
function* differences(vendor, contract, path = []) {
  if (isMap(vendor) && isMap(contract)) {
    for (const key of new Set([...Object.keys(vendor), ...Object.keys(contract)])) {
      yield* differences(vendor[key], contract[key], [...path, key]);
    }
  } else if (JSON.stringify(vendor) !== JSON.stringify(contract)) {
    yield { path: path.join(' / '), vendor, contract };
  }
}

/** Returns the node of the contract that a path of the table leads to, or the nearest one, for the report. */
function locate([section, name, ...rest], root, ctx) {
  if (section === 'schemas' && root.components?.schemas?.[name]) {
    const keys = ['components', 'schemas', name];
    let node = root.components.schemas[name];
    for (const key of rest.filter((key) => key !== 'required')) {
      node = node[key];
      if (node === undefined) break;
      keys.push(key);
    }
    return ctx.location.child(keys).key();
  }
  const found = operationAt(root, (operation) => section === 'operations' && operation.operationId === name);
  const at = { server: 'servers', regions: 'servers', tag: 'tags', credentials: 'security' }[section];
  return ctx.location.child(found ?? [at ?? 'paths']).key();
}

/** Returns the keys of the first operation for which the function returns true. */
function operationAt(root, isWanted) {
  return Object.entries(root.paths ?? {}).flatMap(([path, item]) => METHODS
    .filter((method) => item[method] && isWanted(item[method], method, path))
    .map((method) => ['paths', path, method]))[0];
}

const show = (value) => (value === undefined ? 'nothing' : JSON.stringify(value));
const isWhole = (path) => /^(operations|schemas) \/ [^/]+$/.test(path);

/** Returns whether the path of a deviation, in which `*` is any name, is this one. */
function isAt(pattern, path) {
  const [names, actual] = [pattern.split(' / '), path.split(' / ')];
  return names.length === actual.length && names.every((name, i) => name === '*' || name === actual[i]);
}

/** Reports an operation or schema of the contract that the table does not have. */
function reportUnknown(path, values, root, ctx) {
  const [section, name] = path.split(' / ');
  const renamed = Object.entries(facts.operations).some(([id, { method, path: url }]) => section === 'operations'
    && values.method === method && values.path === url && !operationAt(root, ({ operationId }) => operationId === id));
  if (renamed) return;
  const message = `facts.json has no \`${name}\` among its \`${section}\`. Add what the vendor documents or, if the `
    + `vendor does not document it, an entry with the path \`${path}\` and a reason among the \`deviations\`. `
    + `The contract has ${show(values)}.`;
  ctx.report({ message, location: locate([section, name], root, ctx) });
}

/** Reports an operation or schema of the vendor that the contract does not have under this name. */
function reportMissing(path, { method, path: url }, root, ctx) {
  const [section, name] = path.split(' / ');
  if (section === 'schemas') {
    const message = `The vendor's schema \`${name}\` is missing. Restore it or, if the vendor does not `
      + 'have it any more, change facts.json.';
    ctx.report({ message, location: ctx.location.child(['components', 'schemas']).key() });
    return;
  }
  const renamed = operationAt(root, (_, otherMethod, otherUrl) => otherUrl === url
    && otherMethod.toUpperCase() === method);
  const problem = renamed
    ? `The vendor's operation id of ${method} ${url} is \`${name}\`. Correct it`
    : `The vendor's operation \`${name}\` is missing. Restore it`;
  const message = `${problem} or, if the vendor changed it, change facts.json.`;
  ctx.report({ message, location: ctx.location.child(renamed ?? ['paths']).key() });
}

const vendorFacts = () => ({
  Root(root, ctx) {
    const { about, deviations, ...vendor } = facts;
    const unused = new Set(deviations);
    for (const { path, ...values } of differences(vendor, new View(root, ctx).facts)) {
      const deviation = deviations.find((entry) => isAt(entry.path, path));
      unused.delete(deviation);
      const isUnknown = values.vendor === undefined && isWhole(path);
      const isExpected = (isUnknown && deviation !== undefined)
        || show(deviation?.contract) === show(values.contract);
      if (isExpected && deviation?.reason?.trim()) continue;
      if (isUnknown) {
        reportUnknown(path, values.contract, root, ctx);
        continue;
      }
      if (values.contract === undefined && isWhole(path)) {
        reportMissing(path, values.vendor, root, ctx);
        continue;
      }
      const advice = deviation && !isExpected
        ? `The deviation in facts.json is to ${show(deviation.contract)}: correct one of them.`
        : 'Correct it, or facts.json if the vendor changed it. A deliberate difference needs an entry '
          + 'with a reason among the `deviations` of facts.json.';
      const message = `${path}: the vendor has ${show(values.vendor)}, the contract `
        + `${show(values.contract)}. ${advice}`;
      ctx.report({ message, location: locate(path.split(' / '), root, ctx) });
    }
    for (const { path } of unused) {
      const message = `${path}: the contract does not deviate here. Remove the entry from the \`deviations\` of `
        + 'facts.json, or rename it.';
      ctx.report({ message, location: locate(path.split(' / '), root, ctx) });
    }
    const region = root.servers?.[0]?.variables?.region?.default;
    if (!facts.regions.includes(region)) {
      const message = region === undefined
        ? 'The first server has no variable `region` with a default. The vendor has a host for each region.'
        : `The default region \`${region}\` is not one of the vendor's.`;
      ctx.report({ message, location: ctx.location.child(['servers']) });
    }
  },
});

export const factRules = { 'vendor-facts': vendorFacts };
