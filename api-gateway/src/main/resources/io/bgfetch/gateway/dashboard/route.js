/**
 * Where in the dashboard a person is: it stands behind the `#` of the address, so that it can be
 * kept, sent and gone back to.
 */

const FETCH = /^#\/fetches\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * The list (with the id that is searched for, and whether only active ones are shown) or one fetch.
 *
 * @typedef {{page: 'list', id: string, onlyActive: boolean} | {page: 'fetch', uid: string}} Route
 */

/**
 * What an address means; one that means nothing is the list.
 *
 * @param {string} hash with its `#`
 * @returns {Route}
 */
export function parseRoute(hash) {
  const fetch = FETCH.exec(hash);
  if (fetch) {
    return { page: 'fetch', uid: fetch[1].toLowerCase() };
  }
  const query = new URLSearchParams(hash.startsWith('#/?') ? hash.slice(3) : '');
  return {
    page: 'list',
    id: query.get('id') ?? '',
    onlyActive: query.get('show') === 'active',
  };
}

/** The address of one fetch. */
export function fetchAddress(uid) {
  return `#/fetches/${encodeURIComponent(uid)}`;
}

/** The address of the list. */
export function listAddress({ id = '', onlyActive = false } = {}) {
  const query = new URLSearchParams();
  if (id !== '') {
    query.set('id', id);
  }
  if (onlyActive) {
    query.set('show', 'active');
  }
  return query.size > 0 ? `#/?${query}` : '#/';
}
