// Lint rules for operations and their responses: authentication, IAM action, errors and the success.
import { resolve } from './nodes.mjs';
import { ERROR_SCHEMA, SUCCESS_STATUSES } from './shared.mjs';
import { METHODS } from './tree.mjs';

const requiredBody = () => ({
  RequestBody(body, ctx) {
    if (body.required !== true) {
      const message = 'This body is required. Add `required: true`.';
      ctx.report({ message, location: ctx.location.key() });
    }
  },
});

const iamAction = () => {
  const key = 'x-huaweicloud-iam-action';
  return {
    Operation(operation, ctx) {
      const action = operation[key];
      const location = action === undefined ? ctx.location.key() : ctx.location.child([key]);
      if (!/^[a-zA-Z]+(:[a-zA-Z]+){1,2}$/.test(action ?? '')) {
        const message = `\`${key}\` must be \`SERVICE:RESOURCE:ACTION\` or \`SERVICE:ACTION\`.`;
        ctx.report({ message, location });
      }
    },
  };
};

const authenticated = () => ({
  Root(root, ctx) {
    if (!root.security?.length) {
      ctx.report({ message: 'Declare `security` at the top level.', location: ctx.location });
    }
  },
  Operation(operation, ctx) {
    if ('security' in operation) {
      const message = 'All operations use the top-level `security`. Remove this one.';
      ctx.report({ message, location: ctx.location.child(['security']) });
    }
  },
});

const errors = () => ({
  Operation(operation, ctx) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const start = ctx.location.child(['responses', status]);
      const { node, location } = resolve(response, start, ctx);
      if (!node) continue;
      if (!node.headers?.['X-Request-Id']) {
        const message = 'Every response has `X-Request-Id`. Add it to `headers`.';
        ctx.report({ message, location: location.key() });
      }
      if (!/^[23]/.test(status) && !hasErrorBody(node)) {
        const message = 'The body of an error must be `application/json` with `ErrorResponse`.';
        ctx.report({ message, location: start.key() });
      }
    }
  },
});

function hasErrorBody(response) {
  const content = response.content ?? {};
  const { schema } = content['application/json'] ?? {};
  return Object.keys(content).length === 1 && schema?.$ref === ERROR_SCHEMA;
}

const semanticVersion = () => ({
  Info(info, ctx) {
    if (!/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(info.version ?? '')) {
      const message = 'The version must be `MAJOR.MINOR.PATCH`.';
      ctx.report({ message, location: ctx.location.child(['version']) });
    }
  },
});

const singleSuccess = () => ({
  PathItem(item, ctx) {
    for (const method of METHODS.filter((method) => item[method])) {
      const responses = Object.entries(item[method].responses ?? {});
      const others = responses.filter(([status]) => !/^([45](\d\d|XX)|default)$/.test(status));
      const location = ctx.location.child([method, 'responses']).key();
      if (others.length === 0 || others.some(([status]) => !SUCCESS_STATUSES.includes(status))) {
        const message = `An operation must have ${SUCCESS_STATUSES.join(', ')} or several of them `
          + 'as its only statuses besides 4xx and 5xx. '
          + `This one has ${others.map(([status]) => status).join(', ') || 'none'}.`;
        ctx.report({ message, location });
      }
      const bodies = others.map(([, response]) => successSchema(response, ctx));
      if (new Set(bodies).size > 1) {
        const message = 'The successes of an operation must have the same body, because a method '
          + 'has one result type.';
        ctx.report({ message, location });
      }
    }
  },
});

/** Returns the schema of a success as text; '' if it has no body. */
function successSchema(response, ctx) {
  const { node } = resolve(response, ctx.location, ctx);
  return JSON.stringify(node?.content?.['application/json']?.schema ?? '');
}

export const operationRules = {
  authenticated,
  errors,
  'required-body': requiredBody,
  'iam-action': iamAction,
  'semantic-version': semanticVersion,
  'single-success': singleSuccess,
};
