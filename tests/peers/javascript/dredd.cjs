// Skips responses other than successes, and restores the state of the sandbox before each request.
const hooks = require('hooks');

hooks.beforeEach((transaction, done) => {
  transaction.skip = transaction.expected.statusCode !== '200';
  if (transaction.skip) return done();
  const { host, port } = transaction;
  fetch(`http://${host}:${port}/_sandbox/state`, { method: 'DELETE' }).then(() => done(), done);
});
