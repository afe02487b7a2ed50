// The project's rules as a Redocly plugin, switched on in redocly.yaml. Each one protects something
// that README.md promises to teams that generate clients and that no linter checks.
import { buildRules } from './build.mjs';
import { factRules } from './facts.mjs';
import { keywordRules } from './keywords.mjs';
import { operationRules } from './operations.mjs';
import { patternRules } from './patterns.mjs';
import { portableRules } from './portable.mjs';
import { schemaRules } from './schemas.mjs';
import { sourceRules } from './source.mjs';
import { textRules } from './texts.mjs';
import { wordingRules } from './wording.mjs';

export default () => ({
  id: 'project',
  rules: {
    oas3: {
      ...schemaRules, ...operationRules, ...keywordRules, ...patternRules, ...portableRules, ...sourceRules,
      ...textRules, ...wordingRules, ...factRules, ...buildRules,
    },
  },
});
