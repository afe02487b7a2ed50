// What the build rejects of schemas: defaults, values and limits without an effect, parts that are not
// merged, and values without an end.
import { bareName } from './portable.mjs';
import { isMap } from './tree.mjs';

/** The range of each format of integers. */
const RANGES = Object.fromEntries([8, 16, 32, 64].flatMap((bits) => [
  [`int${bits}`, [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]], [`uint${bits}`, [0, 2 ** bits - 1]],
]));
const TEXTS = ['deprecated', 'description', 'example', 'title', 'x-pattern-description'];

/** Yields the problems of all schemas, as places and messages. */
export function* schemaProblems(contract) {
  for (const { schema, path, place } of contract.schemas) {
    if ('default' in schema && !['property', 'parameter', 'component'].includes(place)) {
      yield [[...path, 'default'], 'Only a property, an optional parameter or a component has a default. Remove it.'];
    }
    for (const [key, message] of [...valueProblems(schema), ...allOfProblems(schema, contract)]) {
      yield [[...path, key], message];
    }
    const others = Object.keys(schema.properties ?? {}).find((name) => bareName(name) === 'extra');
    if (others !== undefined && isMap(schema.additionalProperties)) {
      yield [[...path, 'properties', others], `\`${others}\` is the name of the values of \`additionalProperties\`. Rename it.`];
    }
    if (contains(schema, valuesOf, contract)) yield [path, 'This list or map consists of itself.'];
    if (schema.required?.length > 0 && contains(schema, requiredBy, contract)) {
      yield [[...path, 'required'], 'This requires itself, so no value has an end. Make a property optional.'];
    }
  }
  yield* idProblems(contract.root.components?.schemas ?? {});
}

function* valueProblems(schema) {
  const { type, format, enum: values = [], 'x-enum-varnames': names } = schema;
  for (const value of values) {
    const size = typeof value === 'string' ? [...value].length : value;
    const [low, high] = type === 'string' ? [schema.minLength, schema.maxLength] : [schema.minimum, schema.maximum];
    const isMatch = !schema.pattern || type !== 'string' || new RegExp(schema.pattern, 'u').test(value);
    if (size < low || size > high || !isMatch) yield ['enum', `The limits exclude \`${value}\`. Correct them.`];
  }
  if (names && (names.length !== values.length || !names.every((name) => /^[A-Za-z][A-Za-z0-9_]*$/.test(name)))) {
    yield ['x-enum-varnames', 'Name each value of the `enum` by letters, digits and `_`.'];
  }
  if (type !== 'integer') return;
  const [low, high] = RANGES[format] ?? [-(2 ** 63), 2 ** 64];
  for (const [key, value] of ['minimum', 'maximum', 'default', 'enum'].flatMap((key) => [schema[key] ?? []].flat().map((value) => [key, value]))) {
    if (value < low || value > high || !Number.isInteger(value)) yield [key, `${value} is not in the range of this integer.`];
  }
}

function* allOfProblems(schema, contract) {
  if (!schema.allOf) return;
  const parts = partsOf(schema, contract);
  if (schema.allOf.some(({ nullable }) => nullable)) yield ['allOf', '`nullable` of a part has no effect. Move it next to `allOf`.'];
  if (parts.length < 2) return;
  if (parts.some(({ type = 'object' }) => type !== 'object')) yield ['allOf', 'Only objects are merged. Write one schema.'];
  if (parts.some(({ additionalProperties = true }) => additionalProperties !== true)) {
    yield ['allOf', '`additionalProperties` of a part concerns those of the others. Write one schema.'];
  }
  const properties = new Map();
  const plain = (node) => JSON.stringify(contract.follow(node), (key, value) => (TEXTS.includes(key) ? undefined : value));
  for (const [name, node] of parts.flatMap((part) => Object.entries(part.properties ?? {}))) {
    if (properties.has(name) && properties.get(name) !== plain(node)) {
      yield ['allOf', `\`${name}\` is in two parts that differ. Make them equal.`];
    }
    if (properties.has(name) && node.default !== undefined) {
      yield ['allOf', `\`${name}\` is in two parts, and its default would not be sent. Keep it in one part.`];
    }
    properties.set(name, plain(node));
  }
}

/** Returns the schemas without `allOf` that a schema consists of. */
function partsOf(node, contract, seen = new Set()) {
  const schema = contract.follow(node);
  if (!isMap(schema) || seen.has(schema)) return [];
  seen.add(schema);
  const parts = (schema.allOf ?? []).flatMap((part) => partsOf(part, contract, seen));
  return !schema.allOf || schema.properties ? [...parts, schema] : parts;
}

/** Returns the schemas of the values of a list or a map. */
function valuesOf({ properties, items, additionalProperties, allOf = [] }) {
  return properties ? [] : [items, additionalProperties, ...allOf].filter(isMap);
}

/** Returns the schemas that every value of a schema has. */
function requiredBy({ nullable, required = [], properties = {}, allOf = [] }) {
  return nullable ? [] : [...required.map((name) => properties[name]), ...allOf].filter(isMap);
}

/** Returns whether a schema is one of those that `next` leads to. */
function contains(schema, next, contract) {
  const seen = new Set();
  const rest = next(schema);
  while (rest.length > 0) {
    const found = contract.follow(rest.pop());
    if (found === schema) return true;
    if (!isMap(found) || seen.has(found)) continue;
    seen.add(found);
    rest.push(...next(found));
  }
  return false;
}

/** The Rust client has one type for both ids of a desktop. */
function* idProblems({ BatchDesktopId: batch, DesktopId: desktop }) {
  const keys = ['type', 'minLength', 'maxLength', 'enum'];
  if (batch && (!desktop || keys.some((key) => JSON.stringify(batch[key]) !== JSON.stringify(desktop[key])))) {
    yield [['components', 'schemas', 'BatchDesktopId'], 'The limits of `DesktopId` and `BatchDesktopId` differ. Make them equal.'];
  }
}
