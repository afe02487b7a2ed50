// Constants that the generator of the Rust client needs too: workspace-api/codegen/shared.rs
// reads the same files.
import { readFileSync } from 'node:fs';

function read(name) {
  return JSON.parse(readFileSync(new URL(`shared/${name}.json`, import.meta.url), 'utf8'));
}

/** The schema of every error body. */
export const ERROR_SCHEMA = read('error-schema');

/** Patterns of the plain scalars, in lower case, that versions of YAML read differently. */
export const AMBIGUOUS_SCALARS = read('ambiguous-scalars');

/** The first and the last code point of each range of characters that an editor does not show. */
export const INVISIBLE_CHARACTERS = read('invisible-characters');

/** The first and the last code point of each range of emoji, after which a variation selector is visible. */
export const EMOJI = read('emoji');

/** The types and the formats that clients know. */
export const FORMATS = read('formats');

/** Headers that clients set themselves. OpenAPI says that such a parameter is ignored. */
export const OWN_HEADERS = read('own-headers');

/** The characters of a path, besides letters and digits, that a URL keeps as they are. */
export const PATH_CHARACTERS = read('path-characters');

/** Names that an operation, a schema or a parameter of a path cannot have in the Rust client. */
export const USED_NAMES = {
  operations: [...read('client-methods'), ...read('used-operation-names')],
  schemas: read('used-schema-names'),
  parameters: read('used-parameter-names'),
};

/** Keywords that make clients reject a whole response for one unexpected value. */
export const RESPONSE_FORBIDDEN_KEYWORDS = read('response-forbidden-keywords');

/** The status codes that document a success. */
export const SUCCESS_STATUSES = read('success-statuses');
