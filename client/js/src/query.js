const OPTIONS = ['ignoreSearch', 'ignoreMethod', 'ignoreVary'];

/**
 * What `match` and `matchAll` send. A URL goes as it is: the gateway resolves it against the base
 * of the registration, which another program may have made.
 *
 * @param {RequestInfo | URL | undefined} request all records where it is left out
 * @param {object} [options]
 */
export function queryOf(request, options = {}) {
  const query = {};
  if (request instanceof Request) {
    const { url, method, headers } = request;
    query.request = { url, method, headers: Object.fromEntries(headers) };
  } else if (request !== undefined) {
    query.request = `${request}`;
  }
  const given = OPTIONS.filter((name) => options?.[name] !== undefined);
  if (given.length > 0) {
    query.options = Object.fromEntries(given.map((name) => [name, Boolean(options[name])]));
  }
  return query;
}
