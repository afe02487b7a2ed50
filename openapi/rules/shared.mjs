// Constants that the generator of the Rust client needs too: workspace-api/codegen/rules/shared.rs
// reads the same files.
import { readFileSync } from 'node:fs';

function read(name) {
  return JSON.parse(readFileSync(new URL(`shared/${name}.json`, import.meta.url), 'utf8'));
}

/** The schema of every error body. */
export const ERROR_SCHEMA = read('error-schema');

/** Keywords that make clients reject a whole response for one unexpected value. */
export const RESPONSE_FORBIDDEN_KEYWORDS = read('response-forbidden-keywords');

/** The status codes that document a success. */
export const SUCCESS_STATUSES = read('success-statuses');
