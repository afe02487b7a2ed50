// Lint rules for operations and their responses: authentication, IAM action, errors, the single
// success and the vendor's names.
import { resolve } from './nodes.mjs';
import { ERROR_SCHEMA, SUCCESS_STATUSES } from './shared.mjs';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

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
  const owners = new Map();
  return {
    Operation(operation, ctx) {
      const action = operation[key];
      const location = action === undefined ? ctx.location.key() : ctx.location.child([key]);
      if (!/^workspace:[a-zA-Z]+:[a-zA-Z]+$/.test(action ?? '')) {
        const message = `\`${key}\` must be \`workspace:RESOURCE:ACTION\`.`;
        ctx.report({ message, location });
      } else if (owners.has(action)) {
        const message = `\`${action}\` is already the IAM action of ${owners.get(action)}.`;
        ctx.report({ message, location });
      }
      owners.set(action, operation.operationId);
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
    const responses = operation.responses ?? {};
    for (const status of ['401', '403', '404', '500'].filter((code) => !(code in responses))) {
      const message = `Every operation can return ${status}. Document it.`;
      ctx.report({ message, location: ctx.location.child(['responses']).key() });
    }
    for (const [status, response] of Object.entries(responses)) {
      const start = ctx.location.child(['responses', status]);
      const { node, location } = resolve(response, start, ctx);
      if (!node) continue;
      if (!node.headers?.['X-Request-Id']) {
        const message = 'Every response has `X-Request-Id`. Add it to `headers`.';
        ctx.report({ message, location: location.key() });
      }
      if (!/^[23]/.test(status) && !hasErrorBody(node)) {
        const message = 'The body of an error must be `application/json` with `ErrorResponse`.';
        ctx.report({ message, location: location.key() });
      }
    }
  },
});

function hasErrorBody(response) {
  const content = response.content ?? {};
  const { schema } = content['application/json'] ?? {};
  return Object.keys(content).length === 1 && schema?.$ref === ERROR_SCHEMA;
}

const vendorNames = ({ operations, schemas }) => ({
  Root(root, ctx) {
    for (const [route, id] of Object.entries(operations)) {
      const [method, path] = route.split(' ');
      const actual = root.paths?.[path]?.[method.toLowerCase()]?.operationId;
      if (actual !== id) {
        const message = `The vendor's operation id of ${route} is \`${id}\`, not \`${actual}\`.`;
        ctx.report({ message, location: ctx.location.child(['paths']) });
      }
    }
    for (const name of schemas.filter((name) => !root.components?.schemas?.[name])) {
      const message = `The vendor's schema \`${name}\` is missing.`;
      ctx.report({ message, location: ctx.location.child(['components', 'schemas']) });
    }
  },
  Operation(operation, ctx) {
    const id = operation.operationId ?? '';
    if (!/^([A-Z][a-z0-9]+)+$/.test(id)) {
      const message = 'The vendor writes operation ids `LikeThis`.';
      ctx.report({ message, location: ctx.location.child(['operationId']) });
    }
    const body = operation.responses?.['200']?.content?.['application/json']?.schema;
    if (body && body.$ref !== `#/components/schemas/${id}Response`) {
      const message = `The vendor's schema of this response is \`${id}Response\`.`;
      ctx.report({ message, location: ctx.location.child(['responses', '200']) });
    }
  },
  Schema(schema, ctx) {
    for (const name of Object.keys(schema.properties ?? {})) {
      if (!/^[a-z]+(_[a-z]+)*$/.test(name)) {
        const message = 'The vendor writes properties `like_this`.';
        ctx.report({ message, location: ctx.location.child(['properties', name]).key() });
      }
    }
  },
});

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
      const statuses = Object.keys(item[method].responses ?? {});
      const others = statuses.filter((status) => !/^([45]\d\d|default)$/.test(status));
      if (others.length !== 1 || !SUCCESS_STATUSES.includes(others[0])) {
        const success = SUCCESS_STATUSES.join(' or ');
        const message = `An operation must have ${success} as its only status besides 4xx and 5xx. `
          + `This one has ${others.join(', ') || 'none'}.`;
        ctx.report({ message, location: ctx.location.child([method, 'responses']).key() });
      }
    }
  },
});

export const operationRules = {
  authenticated,
  errors,
  'required-body': requiredBody,
  'iam-action': iamAction,
  'vendor-names': vendorNames,
  'semantic-version': semanticVersion,
  'single-success': singleSuccess,
};
