// The rules of the house as a plugin of Redocly.
import { diff } from './diff.mjs';
import { lint } from './lint.mjs';

export default () => ({ id: 'house', rules: { oas3: lint }, diff: { oas3: diff } });
