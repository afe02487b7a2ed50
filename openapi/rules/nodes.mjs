// Helpers of the lint rules: reading nodes of the contract, and finding all schemas below one.

/** Returns whether the value is a non-empty string. */
export const isText = (value) => typeof value === 'string' && value.trim() !== '';

/** Follows the `$ref` of a node, if it has one. */
export function resolve(node, location, ctx) {
  return node?.$ref ? ctx.resolve(node) : { node, location };
}

/** Yields the schema and every schema inside it, each once, with its location. */
function* schemasIn(schema, location, ctx, seen = new Set()) {
  const resolved = resolve(schema, location, ctx);
  const { node } = resolved;
  if (!node || typeof node !== 'object' || seen.has(node)) return;
  seen.add(node);
  yield resolved;

  for (const [path, child] of childrenOf(node)) {
    yield* schemasIn(child, resolved.location.child(path), ctx, seen);
  }
}

/** Returns the schemas directly below a schema, with their paths. */
function childrenOf(schema) {
  const children = [];
  for (const key of ['items', 'not', 'additionalProperties']) {
    if (typeof schema[key] === 'object') children.push([[key], schema[key]]);
  }
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    for (const [i, child] of (schema[key] ?? []).entries()) children.push([[key, i], child]);
  }
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    children.push([['properties', name], child]);
  }
  return children;
}

/** Creates a rule that checks every schema below nodes of these types, once however often it is referred to. */
export function checkSchemasBelow(types, check) {
  return () => {
    const checked = new Set();
    const visitor = {
      Schema(schema, ctx) {
        for (const { node, location } of schemasIn(schema, ctx.location, ctx)) {
          if (checked.has(node)) continue;
          checked.add(node);
          const report = (message, key) => {
            ctx.report({ message, location: key ? location.child([key]) : location.key() });
          };
          check(node, report);
        }
      },
    };
    return Object.fromEntries(types.map((type) => [type, visitor]));
  };
}
