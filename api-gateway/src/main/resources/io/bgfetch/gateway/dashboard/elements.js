/**
 * Making and finding elements. Text of others gets into the page only by `textContent` and by the
 * attributes set here.
 */

const SVG = 'http://www.w3.org/2000/svg';

/** A copy of the one element that a template of the page holds. */
export function clone(templateId) {
  return document.getElementById(templateId).content.firstElementChild.cloneNode(true);
}

/** The parts of an element, by their `data-part`. */
export function partsOf(root) {
  const parts = {};
  for (const element of root.querySelectorAll('[data-part]')) {
    parts[element.dataset.part] = element;
  }
  return parts;
}

/** Writes text where it differs: what stays the same is not touched, nor read aloud again. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Sets an attribute where it differs; null removes it. */
export function setAttribute(element, name, value) {
  if (value === null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

/** An element of SVG with attributes. */
export function svg(name, attributes = {}, text = '') {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, value);
  }
  element.textContent = text;
  return element;
}

/** One of the page's own symbols. */
export function symbol(name) {
  const icon = svg('svg', { class: 'symbol', 'aria-hidden': 'true' });
  icon.append(svg('use', { href: `#symbol-${name}` }));
  return icon;
}

/**
 * A URL that may be followed or loaded, or null: an absolute one of HTTP. A `javascript:` URL is
 * text like any other.
 *
 * @param {unknown} text
 * @returns {URL | null}
 */
export function httpUrl(text) {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null;
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null;
}

/** Shows a URL of others: as a link where it may be followed, which tells nobody where from. */
export function showForeignUrl(link, text) {
  const url = httpUrl(text);
  setText(link, text);
  setAttribute(link, 'href', url ? url.href : null);
  setAttribute(link, 'rel', 'noopener noreferrer');
  setAttribute(link, 'target', '_blank');
  setAttribute(link, 'title', text);
}

/** Fills a progress bar, which says its value as text, too. */
export function showProgress(bar, fill, share, text) {
  const percent = Math.floor(share * 100);
  setAttribute(bar, 'aria-valuenow', percent);
  setAttribute(bar, 'aria-valuetext', text);
  fill.style.setProperty('--share', share.toFixed(4));
}
