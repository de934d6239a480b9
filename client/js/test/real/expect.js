/** The few assertions that scenarios need, for Node and browsers alike. */

export function ok(condition, message) {
  if (!condition) {
    throw new Error(`expected: ${message}`);
  }
}

export function equal(actual, expected, message = '') {
  const [left, right] = [actual, expected].map((value) => JSON.stringify(value) ?? String(value));
  ok(left === right, `${message} ${right}, not ${left}`);
}

export async function rejects(promise, name) {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  ok(error !== undefined, `rejection with ${name}`);
  equal(error.name, name, error.message);
  return error;
}

/** Waits for the first event for which the condition holds, or that it holds already. */
export async function until(target, type, condition) {
  const deadline = AbortSignal.timeout(60_000);
  await new Promise((resolve, reject) => {
    const check = (event) => {
      if (condition(event)) {
        target.removeEventListener(type, check);
        resolve();
      }
    };
    target.addEventListener(type, check);
    deadline.addEventListener('abort', () => reject(new Error(`no ${type}: ${condition}`)));
    check(new Event(type));
  });
}

/** Waits for what no event tells of. */
export async function eventually(condition) {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    ok(Date.now() < deadline, `${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function ended(registration) {
  return until(registration, 'progress', () => registration.result !== '');
}

export async function bytesOf(response) {
  return new Uint8Array(await response.arrayBuffer());
}

export async function digest(bytes) {
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
