// Diff rules for changes that break generated clients although `redocly diff` rates them as
// harmless.

/** Properties that only people read. */
const TEXT = [
  'description', 'summary', 'title', 'example', 'examples', 'externalDocs',
  'x-pattern-description',
];
const LIMITS = [
  'nullable', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum',
  'uniqueItems',
];

const valueOf = (side) => JSON.stringify(side.value);

/** Generated types, fields, parameters and (from tags) modules have these names. */
const renamed = () => {
  const check = (property) => (change, { report }) => {
    if (change.kind === 'modified' && change.property === property) {
      const names = `${valueOf(change.base)} was renamed to ${valueOf(change.revision)}`;
      report({ message: `${names}: generated clients lose the old name.` });
    }
  };
  return {
    Schema: check('key'),
    PathItem: check('key'),
    Parameter: check('name'),
    Operation: check('tags'),
  };
};

/** Redocly allows removing a property of a request, but code that sets it no longer compiles. */
const removed = () => ({
  Schema(change, { report }) {
    if (change.kind === 'removed') {
      report({ message: 'A type or property was removed: generated clients lose its name.' });
    }
  },
});

/** Many generated clients send defaults, so a new default changes their requests or region. */
const defaultChanged = () => {
  const check = (change, { report }) => {
    const isModified = change.kind === 'modified' && change.property === 'default';
    if (isModified && change.base.value !== undefined) {
      const values = `from ${valueOf(change.base)} to ${valueOf(change.revision)}`;
      report({ message: `The default changed ${values}.` });
    }
  };
  return { Schema: check, ServerVariable: check };
};

/** A string with a format or an enum has another type in generated clients. */
const retyped = () => ({
  Schema(change, { report }) {
    const isModified = change.kind === 'modified' && ['format', 'enum'].includes(change.property);
    if (isModified && [change.base?.value, change.revision?.value].includes(undefined)) {
      report({ message: `\`${change.property}\` added or removed: the generated type changes.` });
    }
  },
});

/** Clients that validate responses reject a whole response for one value beyond a limit. */
const narrowed = () => ({
  Schema(change, { report, getDirections }) {
    const isModified = change.kind === 'modified' && LIMITS.includes(change.property);
    if (isModified && [...getDirections()].includes('response')) {
      const message = `\`${change.property}\` of a response changed: `
        + 'clients may reject responses that they accepted before.';
      report({ message });
    }
  },
});

/** Callers with the old permission can no longer call the operation. */
const iamActionChanged = () => ({
  Operation(change, { report }) {
    if (change.kind === 'modified' && change.property === 'x-huaweicloud-iam-action') {
      const [old, now] = [valueOf(change.base), valueOf(change.revision)];
      report({ message: `The IAM action changed from ${old} to ${now}.` });
    }
  },
});

/** Clients can depend on anything but text, so another change is at least minor. */
const notOnlyText = () => {
  const check = (change, { report }) => {
    if (change.kind === 'modified' && !TEXT.includes(change.property)) {
      const values = `from ${valueOf(change.base)} to ${valueOf(change.revision)}`;
      report({ message: `\`${change.property}\` changed ${values}.` });
    }
  };
  return {
    Operation: check,
    Parameter: check,
    RequestBody: check,
    Header: check,
    MediaType: check,
    Schema: check,
    SecurityScheme: check,
    ServerVariable: check,
  };
};

export const diffRules = {
  renamed,
  removed,
  retyped,
  narrowed,
  'default-changed': defaultChanged,
  'iam-action-changed': iamActionChanged,
  'not-only-text': notOnlyText,
};
