/** Statuses whose responses have no body (Fetch standard, section 2.2.6). */
const WITHOUT_BODY = new Set([101, 103, 204, 205, 304]);

/**
 * The `Response` that an origin gave.
 *
 * @param {{url: string, redirected: boolean, status: number, statusText: string,
 *     headers: Record<string, string>}} head
 * @param {() => ReadableStream} body
 * @returns {Response}
 */
export function foreignResponse(head, body) {
  const { status, statusText } = head;
  const headers = new Headers();
  Object.entries(head.headers).forEach(([name, value]) => appendIfAllowed(headers, name, value));
  const representable = status >= 200 && status <= 599;
  const response = new Response(WITHOUT_BODY.has(status) ? null : body(), {
    status: representable ? status : 200,
    headers,
  });
  return withHead(response, {
    url: withoutFragment(head.url),
    redirected: head.redirected,
    status,
    statusText: statusText ?? '',
    ok: status >= 200 && status <= 299,
  });
}

/** What only a network can set on a `Response`; a clone keeps it. */
function withHead(response, head) {
  Object.entries(head).forEach(([name, value]) => Object.defineProperty(response, name, { value }));
  const clone = () => withHead(Response.prototype.clone.call(response), head);
  return Object.defineProperty(response, 'clone', { value: clone });
}

/** Origins send headers that the platform's `Headers` may not take; those are left out. */
function appendIfAllowed(headers, name, value) {
  try {
    headers.append(name, value);
  } catch {
    // not a valid name or value there
  }
}

function withoutFragment(url) {
  const hash = url.indexOf('#');
  return hash < 0 ? url : url.slice(0, hash);
}
