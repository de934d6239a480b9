/**
 * Sizes, rates and times as people read them; the words are those of the command line.
 */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const wholeNumbers = new Intl.NumberFormat('en');
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/**
 * `512 B`, `1.0 KiB`, `60.0 MiB`.
 *
 * @param {number} size in bytes
 */
export function bytes(size) {
  let unit = 0;
  let shown = Math.max(0, size);
  // What would be rounded to 1024.0 is one of the next unit.
  while (shown >= (unit === 0 ? 1024 : 1023.95) && unit < UNITS.length - 1) {
    shown /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(shown) : shown.toFixed(1)} ${UNITS[unit]}`;
}

/** `12.4 MiB of 60.0 MiB`, or only the first where no total is known. */
export function bytesOf(size, total) {
  return total > 0 ? `${bytes(size)} of ${bytes(total)}` : bytes(size);
}

/** `4.5 MiB/s`. */
export function byteRate(bytesPerSecond) {
  return `${bytes(bytesPerSecond)}/s`;
}

/** `0.4/s`, `12/s`, `1,234/s`. */
export function countRate(perSecond) {
  return `${decimal(perSecond)}/s`;
}

/** A number with one digit behind the point where that says something. */
export function decimal(number) {
  return number >= 10 || Number.isInteger(number)
    ? wholeNumbers.format(Math.round(number))
    : number.toFixed(1);
}

/** `1,234`. */
export function count(number) {
  return wholeNumbers.format(number);
}

/** `1 record`, `2 records`. */
export function counted(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/**
 * `0.4 s`, `12 s`, `2 min 05 s`, `3 h 20 min`, `2 d 4 h`.
 *
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  const time = Math.max(0, milliseconds);
  if (time < 9950) {
    return `${(time / SECOND).toFixed(1)} s`;
  }
  if (time < MINUTE) {
    return `${Math.floor(time / SECOND)} s`;
  }
  if (time < HOUR) {
    return `${Math.floor(time / MINUTE)} min ${twoDigits(Math.floor((time % MINUTE) / SECOND))} s`;
  }
  if (time < DAY) {
    return `${Math.floor(time / HOUR)} h ${twoDigits(Math.floor((time % HOUR) / MINUTE))} min`;
  }
  return `${Math.floor(time / DAY)} d ${Math.floor((time % DAY) / HOUR)} h`;
}

/** The same to the greatest unit, for what is no more exact: `12 s`, `3 min`, `2 h`, `5 d`. */
export function roughly(milliseconds) {
  const time = Math.max(0, milliseconds);
  if (time < 90 * SECOND) {
    return `${Math.max(1, Math.round(time / SECOND))} s`;
  }
  if (time < 90 * MINUTE) {
    return `${Math.round(time / MINUTE)} min`;
  }
  return time < 36 * HOUR ? `${Math.round(time / HOUR)} h` : `${Math.round(time / DAY)} d`;
}

/** `just now`, `12 s ago`, `3 min ago`. */
export function ago(milliseconds) {
  return milliseconds < 2 * SECOND ? 'just now' : `${roughly(milliseconds)} ago`;
}

/** `31 Jan 2026, 13:00:00` where the reader lives; a dash for none. */
export function time(instant) {
  return instant ? moment.format(new Date(instant)) : '–';
}

function twoDigits(number) {
  return String(number).padStart(2, '0');
}
