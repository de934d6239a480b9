/** What the gateway answers where no problem document says it better. */
const NAMES = new Map([
  [401, 'NotAllowedError'],
  [403, 'NotAllowedError'],
  [404, 'InvalidStateError'],
]);

const MEDIA_TYPE = 'application/problem+json';

const BY_GATEWAY = Symbol('the gateway itself said so');

/**
 * The exception that stands for a refusal: the one that the browser's API would throw, with the
 * problem document (RFC 9457) as its `problem`.
 *
 * @param {Response} answer
 * @returns {Promise<TypeError | DOMException>}
 */
export async function exceptionOf(answer) {
  const problem = await document(answer);
  const message = problem.detail ?? problem.title ?? `The gateway answered ${answer.status}`;
  const name = problem.name ?? NAMES.get(answer.status) ?? 'TypeError';
  const exception = name === 'TypeError' ? new TypeError(message) : new DOMException(message, name);
  return Object.defineProperties(exception, {
    problem: { value: problem, enumerable: true },
    [BY_GATEWAY]: { value: (answer.headers.get('Content-Type') ?? '').startsWith(MEDIA_TYPE) },
  });
}

/** Whether the gateway itself, not a proxy before it, says that there is no such thing. */
export function isMissing(failure) {
  return failure?.problem?.status === 404 && failure[BY_GATEWAY] === true;
}

async function document(answer) {
  const problem = { status: answer.status };
  try {
    const json = JSON.parse(await answer.text());
    return typeof json === 'object' && json !== null ? { ...problem, ...json } : problem;
  } catch {
    return problem; // a proxy's page, or cut off
  }
}
