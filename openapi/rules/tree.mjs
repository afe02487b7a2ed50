// The operations and the schemas of a contract, each with its place, for rules that compare several of them.

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

export class Contract {
  constructor(root) {
    this.root = root;
    this.operations = Object.entries(root.paths ?? {}).flatMap(([url, item]) => METHODS
      .filter((method) => isMap(item?.[method]))
      .map((method) => ({ path: ['paths', url, method], url, item, method, operation: item[method] })));
    this.contents = [...this.bodies()].filter(([, { content }]) => content !== undefined)
      .map(([path, { content }]) => [[...path, 'content'], content]);
    this.schemas = [...this.allSchemas()];
  }

  /** Returns the node or the component that it refers to. */
  follow(node) {
    const [, section, name] = /^#\/components\/([^/]+)\/([^/]+)$/.exec(node?.$ref) ?? [];
    return name === undefined ? node : this.root.components?.[section]?.[name];
  }

  /** Yields each body and response that is no reference, with its path and the name of the type that it becomes. */
  * bodies() {
    const isWhole = ([, node]) => isMap(node) && node.$ref === undefined;
    const section = (name) => Object.entries(this.root.components?.[name] ?? {})
      .map(([key, node]) => [['components', name, key], node, key]);
    const own = this.operations.flatMap(({ path, operation: { operationId, requestBody, responses = {} } }) => [
      [[...path, 'requestBody'], requestBody, `${operationId}_body`],
      ...Object.entries(responses).map(([status, node]) => [
        [...path, 'responses', status], node, `${operationId}_response`,
      ]),
    ]);
    yield* [...section('requestBodies'), ...section('responses'), ...own].filter(isWhole);
  }

  /** Yields each parameter that is no reference, with its path. */
  * parameters() {
    const lists = this.operations.map(({ path, operation }) => [[...path, 'parameters'], operation]);
    const items = Object.entries(this.root.paths ?? {}).map(([url, item]) => [['paths', url, 'parameters'], item]);
    for (const [path, { parameters = [] }] of [...lists, ...items]) {
      for (const [i, node] of parameters.entries()) yield [[...path, i], node];
    }
    for (const [name, node] of Object.entries(this.root.components?.parameters ?? {})) {
      yield [['components', 'parameters', name], node];
    }
  }

  /** Yields each schema with its path, the name of its type, and where it is. */
  * allSchemas() {
    for (const [name, schema] of Object.entries(this.root.components?.schemas ?? {})) {
      yield* this.within(schema, ['components', 'schemas', name], name, 'component');
    }
    for (const [path, { name, schema, required }] of this.parameters()) {
      const operation = this.operations.find((each) => each.path.every((key, i) => key === path[i]));
      yield* this.within(schema, [...path, 'schema'], `${operation?.operation.operationId}_${name}`,
        required ? 'needed parameter' : 'parameter');
    }
    for (const [path, { content = {}, headers = {} }, name] of this.bodies()) {
      for (const [type, media] of Object.entries(content)) {
        yield* this.within(media?.schema, [...path, 'content', type, 'schema'], name, 'body');
      }
      for (const [key, header] of Object.entries(headers)) {
        yield* this.within(header?.schema, [...path, 'headers', key, 'schema'], `${name}_${key}`, 'header');
      }
    }
  }

  * within(schema, path, name, place) {
    if (!isMap(schema) || schema.$ref !== undefined) return;
    yield { schema, path, name, place };
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      yield* this.within(property, [...path, 'properties', key], `${name}_${key}`, 'property');
    }
    yield* this.within(schema.items, [...path, 'items'], `${name}_item`, 'items');
    yield* this.within(schema.additionalProperties, [...path, 'additionalProperties'], `${name}_value`, 'values');
    for (const [i, part] of (schema.allOf ?? []).entries()) {
      yield* this.within(part, [...path, 'allOf', i], `${name}_part${i}`, 'part');
    }
  }
}
