// Lint rules for texts and links: nothing unfinished, distinct summaries, links that lead to the
// documented places, and deprecations that name what to use instead.

const UNFINISHED = /\b(?:TODO|FIXME|XXX|TBD|TBC|WIP)\b|lorem ipsum|\?\?\?|<[a-z]+ here>/i;
const TEXTS = ['title', 'summary', 'description', 'x-pattern-description'];

const finished = () => ({
  any(node, ctx) {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    for (const key of TEXTS.filter((key) => typeof node[key] === 'string')) {
      if (UNFINISHED.test(node[key])) {
        const message = `This text is unfinished: ${UNFINISHED.exec(node[key])[0]}.`;
        ctx.report({ message, location: ctx.location.child([key]) });
      }
    }
  },
});

const distinctSummary = () => {
  const owners = new Map();
  return {
    Operation(operation, ctx) {
      const key = (operation.summary ?? '').toLowerCase().trim();
      if (owners.has(key)) {
        const message = `This is also the summary of ${owners.get(key)}. Say what differs.`;
        ctx.report({ message, location: ctx.location.child(['summary']) });
      }
      owners.set(key, operation.operationId);
      if (/[.]$/.test(key)) {
        const message = 'A summary is a heading. Remove the full stop.';
        ctx.report({ message, location: ctx.location.child(['summary']) });
      }
    },
  };
};

/** Where links may lead: to the vendor's reference in English, our crate's page, and the licence. */
const TARGETS = [
  'https://support.huaweicloud.com/intl/en-us/api-workspace/', 'https://docs.rs/', 'https://www.apache.org/',
];

/** Returns the problem with a link's target, or `undefined` if there is none. */
export function linkProblem(target) {
  if (!URL.canParse(target)) return 'This is not a URL';
  if (!target.startsWith('https:')) return 'Use HTTPS';
  return TARGETS.some((start) => target.startsWith(start)) ? undefined : `Link below ${TARGETS.join(', ')}`;
}

const links = () => {
  const check = (node, ctx) => {
    const problem = node.url !== undefined && linkProblem(node.url);
    if (problem) {
      const message = `${problem}: ${node.url}`;
      ctx.report({ message, location: ctx.location.child(['url']) });
    }
  };
  return { ExternalDocs: check, Contact: check, License: check };
};

const deprecated = () => {
  const check = (node, ctx) => {
    if (node.deprecated === true && !/\b[Uu]se `/.test(node.description ?? '')) {
      const message = 'The description of something deprecated must say what to use instead: '
        + '"Use `…`".';
      ctx.report({ message, location: ctx.location.child(['deprecated']) });
    }
  };
  return { Operation: check, Parameter: check, Schema: check };
};

/** The status that a response component is for. */
const STATUSES = {
  BadRequest: '400', Unauthorized: '401', Forbidden: '403', NotFound: '404',
  MethodNotAllowed: '405', Conflict: '409', TooManyRequests: '429', InternalServerError: '500',
  ServiceUnavailable: '503',
};

const fittingResponse = () => ({
  Operation(operation, ctx) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const name = response?.$ref?.split('/').at(-1);
      if (name in STATUSES && status !== 'default' && STATUSES[name] !== status) {
        const message = `\`${name}\` is not the response of status ${status}.`;
        ctx.report({ message, location: ctx.location.child(['responses', status]) });
      }
    }
  },
});

export const textRules = {
  finished,
  'distinct-summary': distinctSummary,
  links,
  deprecated,
  'fitting-response': fittingResponse,
};
