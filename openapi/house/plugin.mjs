// The rules of the house as a plugin of Redocly.
import { lint } from './lint.mjs';

export default () => ({ id: 'house', rules: { oas3: lint } });
