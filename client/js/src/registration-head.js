const APPEARANCE = ['title', 'icons'];
const BEYOND_THE_BROWSER = ['retry', 'timeouts', 'retentionSeconds'];
const ICON = ['src', 'sizes', 'type', 'label'];

/**
 * What a registration is, but for its requests. As with every dictionary of a browser, members that
 * nobody knows are passed over.
 *
 * @param {string} id
 * @param {string | undefined} base
 * @param {object | null | undefined} options
 */
export function registrationHead(id, base, options) {
  if (id === '') {
    throw new TypeError('The id is empty');
  }
  const head = { id };
  if (base !== undefined && /^https?:/.test(base)) {
    head.base = base;
  }
  const wire = { ...appearance(options, base), ...present(options, BEYOND_THE_BROWSER) };
  if (options?.downloadTotal !== undefined) {
    wire.downloadTotal = Number(options.downloadTotal);
  }
  return Object.keys(wire).length === 0 ? head : { ...head, options: wire };
}

/** How a fetch is shown: title and icons, their addresses made absolute where that is possible. */
export function appearance(options, base) {
  const wire = present(options, APPEARANCE);
  if ('title' in wire) {
    wire.title = `${wire.title}`;
  }
  if ('icons' in wire) {
    wire.icons = Array.from(wire.icons, (icon) => ({
      ...present(icon, ICON),
      src: absolute(icon.src, base),
    }));
  }
  return wire;
}

function absolute(src, base) {
  try {
    return new URL(src, base).href;
  } catch {
    return src;
  }
}

function present(object, names) {
  const given = names.filter((name) => object?.[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, object[name]]));
}
