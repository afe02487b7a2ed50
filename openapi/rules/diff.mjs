// What breaks a generated client and `redocly diff` rates as harmless: rules for it, switched on in redocly.yaml.

/** Keys that are read by people only. */
const WORDS = ['description', 'summary', 'title', 'example', 'examples', 'externalDocs'];

const value = (side) => JSON.stringify(side.value);

/** Generated clients take their names from here: of types, properties, path parameters, and from tags those of modules. */
const renamed = () => {
  const check = (property) => (change, { report }) => {
    if (change.kind === 'modified' && change.property === property) {
      report({ message: `${value(change.base)} became ${value(change.revision)}: generated clients lose the old name.` });
    }
  };
  return { Schema: check('key'), PathItem: check('key'), Parameter: check('name'), Operation: check('tags') };
};

/** Redocly forgives a property that vanishes from a request; the code that sets it does not compile any more. */
const removed = () => ({
  Schema(change, { report }) {
    if (change.kind === 'removed') report({ message: 'A type or property is gone, and so is its name in generated clients.' });
  },
});

/** Many generated clients send the default, so another default is another request, or one to another region. */
const defaultChanged = () => {
  const check = (change, { report }) => {
    if (change.kind === 'modified' && change.property === 'default' && change.base.value !== undefined) {
      report({ message: `The default ${value(change.base)} became ${value(change.revision)}.` });
    }
  };
  return { Schema: check, ServerVariable: check };
};

/** A string that becomes a date or an enum, or the other way round, is another type in generated clients. */
const retyped = () => ({
  Schema(change, { report }) {
    const sides = [change.base?.value, change.revision?.value];
    if (change.kind === 'modified' && ['format', 'enum'].includes(change.property) && sides.includes(undefined)) {
      report({ message: `\`${change.property}\` came or went: generated clients get another type.` });
    }
  },
});

/** Generated clients that check what they read refuse a whole answer for one value beyond a limit. */
const narrowed = () => ({
  Schema(change, { report, getDirections }) {
    const limits = ['nullable', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum', 'uniqueItems'];
    if (change.kind === 'modified' && limits.includes(change.property) && [...getDirections()].includes('response')) {
      report({ message: `Answers were read without this \`${change.property}\`.` });
    }
  },
});

/** A caller who was allowed is not allowed any more. */
const iamActionChanged = () => ({
  Operation(change, { report }) {
    if (change.kind === 'modified' && change.property === 'x-huaweicloud-iam-action') {
      report({ message: `Callers need ${value(change.revision)} instead of ${value(change.base)}.` });
    }
  },
});

/** Whatever is not a word for people can be seen by a client, so it is at least a minor change. */
const notOnlyWords = () => {
  const check = (change, { report }) => {
    if (change.kind === 'modified' && !WORDS.includes(change.property)) {
      report({ message: `\`${change.property}\` changed from ${value(change.base)} to ${value(change.revision)}.` });
    }
  };
  const seen = ['Operation', 'Parameter', 'RequestBody', 'Header', 'MediaType', 'Schema', 'SecurityScheme', 'ServerVariable'];
  return Object.fromEntries(seen.map((type) => [type, check]));
};

export const diff = {
  renamed, removed, retyped, narrowed,
  'default-changed': defaultChanged,
  'iam-action-changed': iamActionChanged,
  'not-only-words': notOnlyWords,
};
