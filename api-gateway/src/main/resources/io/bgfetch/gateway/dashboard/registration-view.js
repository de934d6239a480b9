import * as format from './format.js';
import { isActive } from './store.js';

/**
 * What is said of a registration, wherever it is shown. Nothing here knows the page.
 */

const REASONS = {
  aborted: 'Aborted',
  'bad-status': 'Bad status',
  'fetch-error': 'Fetch error',
  'quota-exceeded': 'Quota exceeded',
  'download-total-exceeded': 'Total exceeded',
};

/** What a person may do with it, and how that is called. */
export const ACTIONS = {
  pause: { slot: 'pause', label: 'Pause', symbol: 'pause' },
  resume: { slot: 'pause', label: 'Resume', symbol: 'resume' },
  abort: { slot: 'abort', label: 'Abort', symbol: 'abort' },
  retry: { slot: 'retry', label: 'Retry failed', symbol: 'retry' },
  release: { slot: 'release', label: 'Release', symbol: 'release' },
  delete: { slot: 'delete', label: 'Delete', symbol: 'delete' },
};

/** Its title, or where it has none its id. */
export function nameOf(registration) {
  return registration.title.trim() === '' ? registration.id : registration.title;
}

/**
 * The state in one or two words.
 *
 * @returns {{kind: 'running' | 'paused' | 'success' | 'failure' | 'aborted', label: string}}
 */
export function stateOf(registration) {
  if (isActive(registration)) {
    return registration.paused
      ? { kind: 'paused', label: 'Paused' }
      : { kind: 'running', label: 'Running' };
  }
  if (registration.result === 'success') {
    return { kind: 'success', label: 'Success' };
  }
  const reason = registration.failureReason;
  return { kind: reason === 'aborted' ? 'aborted' : 'failure', label: REASONS[reason] ?? reason };
}

/**
 * How much is done, from 0 to 1: of the bytes where their number was declared, else of the records.
 */
export function shareOf(registration) {
  if (registration.result === 'success') {
    return 1;
  }
  const { downloaded, downloadTotal, records } = registration;
  const share = downloadTotal > 0 ? downloaded / downloadTotal : records.settled / records.total;
  return Math.min(1, Math.max(0, share || 0));
}

/** The part of what is done that went well, from 0 to 1. */
export function succeededShareOf({ records }) {
  return records.settled > 0 ? records.succeeded / records.settled : 0;
}

/** `12.4 MiB of 60.0 MiB`. */
export function amountOf(registration) {
  return format.bytesOf(
    registration.downloaded,
    isActive(registration) ? registration.downloadTotal : 0,
  );
}

/** `3 of 8 records`. */
export function recordsOf({ records }) {
  return records.settled === records.total
    ? format.counted(records.total, 'record')
    : `${format.count(records.settled)} of ${format.counted(records.total, 'record')}`;
}

/** `2 failed`, or nothing. */
export function failuresOf({ records }) {
  return records.failed > 0 ? `${format.count(records.failed)} failed` : '';
}

/**
 * `4.5 MiB/s · 12 s left`; of one that has ended how long it took and how long that is ago.
 *
 * @param {{bytes: number, records: number}} rate
 * @param {number} now milliseconds since 1970
 */
export function paceOf(registration, rate, now) {
  if (!isActive(registration)) {
    const ended = Date.parse(registration.endedAt);
    const took = format.duration(ended - Date.parse(registration.createdAt));
    return `took ${took} · ${format.ago(now - ended)}`;
  }
  if (registration.paused) {
    return '';
  }
  const left = timeLeft(registration, rate);
  return [rateOf(rate), left === null ? '' : `${format.roughly(left)} left`]
    .filter((part) => part !== '')
    .join(' · ');
}

/** `4.5 MiB/s`, or records where no bytes come; nothing where nothing does. */
export function rateOf({ bytes, records }) {
  if (bytes >= 1) {
    return format.byteRate(bytes);
  }
  return records > 0 ? `${format.decimal(records)} records/s` : '';
}

/** In milliseconds, by the rate of the last seconds; null where nobody can tell. */
export function timeLeft({ downloaded, downloadTotal, records }, rate) {
  const [left, perSecond] =
    downloadTotal > 0
      ? [downloadTotal - downloaded, rate.bytes]
      : [records.total - records.settled, rate.records];
  return perSecond > 0 && left > 0 ? (left / perSecond) * 1000 : null;
}

/** The names of what may be done with it now. */
export function actionsOf(registration) {
  if (isActive(registration)) {
    return [registration.paused ? 'resume' : 'pause', 'abort'];
  }
  const { recordsAvailable, records } = registration;
  return [
    ...(recordsAvailable && records.failed > 0 ? ['retry'] : []),
    ...(recordsAvailable ? ['release'] : []),
    'delete',
  ];
}

/**
 * Whether its records should have expired by now, though nobody said so: no event does.
 *
 * @param {number} now milliseconds since 1970
 */
export function isOverdue({ recordsAvailable, expiresAt }, now) {
  return recordsAvailable && expiresAt !== null && Date.parse(expiresAt) <= now;
}

/** What a record has come to; one without a result waits or runs. */
export function recordState(record) {
  switch (record.result) {
    case '':
      return record.attempts > 0
        ? { kind: 'running', label: 'Running' }
        : { kind: 'waiting', label: 'Waiting' };
    case 'success':
      return { kind: 'success', label: 'Success' };
    default:
      return {
        kind: record.result === 'aborted' ? 'aborted' : 'failure',
        label: REASONS[record.result] ?? record.result,
      };
  }
}

/** Whether its response can be read, whole. */
export function hasBody(record) {
  const readable = record.result === 'success' || record.result === 'bad-status';
  return readable && typeof record.response?.bodySize === 'number';
}

/** What to call the file: the end of the path, or the number where it has none. */
export function fileName(record) {
  const url = record.response?.url || record.request.url;
  const path = URL.canParse(url) ? new URL(url).pathname : '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last === '' ? `record-${record.index}` : last;
}
