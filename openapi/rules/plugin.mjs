// The project rules, as a Redocly plugin.
import { diff } from './diff.mjs';
import { lint } from './lint.mjs';

export default () => ({ id: 'project', rules: { oas3: lint }, diff: { oas3: diff } });
