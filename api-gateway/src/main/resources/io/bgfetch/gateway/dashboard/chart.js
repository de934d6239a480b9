import { setAttribute, svg } from './elements.js';

const HEIGHT = 132;
const MARGIN = { top: 10, right: 8, bottom: 20, left: 66 };
const GAP = 8;
const MINUTE = 60_000;
const TICKS = [8, 6, 4, 2, 0];

/**
 * A line over the last minutes, drawn as SVG as wide as there is room. Pointing at it shows the
 * value of a moment.
 */
export class TimeChart {
  #container;
  #name;
  #format;
  #scale;
  #points = [];
  #pointed = null;
  #drawing = svg('svg', { role: 'img' });
  #width = 0;

  /**
   * @param {HTMLElement} container
   * @param {object} options
   * @param {string} options.name of what is drawn
   * @param {(value: number) => string} options.format
   * @param {(greatest: number) => number} options.scale the end of the axis for a greatest value
   */
  constructor(container, { name, format, scale }) {
    this.#container = container;
    this.#name = name;
    this.#format = format;
    this.#scale = scale;
    container.replaceChildren(this.#drawing);
    new ResizeObserver(([entry]) => this.#resize(entry.contentRect.width)).observe(container);
    container.addEventListener('pointermove', (event) => this.#point(event));
    container.addEventListener('pointerleave', () => this.#point(null));
  }

  /** @param {{at: number, value: number}[]} points oldest first, in equal steps */
  show(points) {
    this.#points = points;
    this.#draw();
  }

  #resize(width) {
    this.#width = Math.floor(width);
    this.#draw();
  }

  #point(event) {
    this.#pointed = event && event.clientX - this.#container.getBoundingClientRect().left;
    this.#draw();
  }

  #draw() {
    if (this.#width === 0 || this.#points.length < 2) {
      return;
    }
    const values = this.#points.map(({ value }) => value);
    const greatest = Math.max(...values);
    const plane = new Plane(this.#width, this.#points, this.#scale(greatest));
    setAttribute(this.#drawing, 'viewBox', `0 0 ${this.#width} ${HEIGHT}`);
    setAttribute(this.#drawing, 'aria-label', this.#inWords(values, greatest));
    this.#drawing.replaceChildren(
      ...this.#grid(plane),
      svg('path', { class: 'area', d: plane.area() }),
      svg('path', { class: 'line', d: plane.line() }),
      ...this.#marker(plane),
    );
  }

  #inWords(values, greatest) {
    const now = this.#format(values.at(-1));
    return `${this.#name} over the last 10 minutes: now ${now}, at most ${this.#format(greatest)}`;
  }

  #grid(plane) {
    const { left, right, bottom } = plane;
    const place = { class: 'label', 'text-anchor': 'end' };
    const round = (value) => this.#format(value).replace('.0 ', ' ');
    const lines = [plane.greatest, plane.greatest / 2, 0].flatMap((value) => {
      const y = plane.y(value);
      return [
        svg('line', { class: 'grid', x1: left, x2: right, y1: y, y2: y }),
        svg('text', { ...place, x: left - GAP, y: y + 4 }, round(value)),
      ];
    });
    const minutes = TICKS.map((minute) => {
      const anchor = minute === 0 ? 'end' : 'middle';
      const x = plane.x(plane.end - minute * MINUTE);
      const text = minute === 0 ? 'now' : `−${minute} min`;
      return svg('text', { class: 'label', x, y: bottom + 15, 'text-anchor': anchor }, text);
    });
    return [...lines, ...minutes];
  }

  /** The moment that is pointed at. */
  #marker(plane) {
    if (this.#pointed === null) {
      return [];
    }
    const { at, value } = plane.nearest(this.#pointed);
    const [x, y] = [plane.x(at), plane.y(value)];
    const end = x > this.#width / 2;
    const text = `${this.#format(value)} · ${new Date(at).toLocaleTimeString('en-GB')}`;
    return [
      svg('line', { class: 'pointed', x1: x, x2: x, y1: plane.top, y2: plane.bottom }),
      svg('circle', { class: 'dot', cx: x, cy: y, r: 3.5 }),
      svg(
        'text',
        {
          class: 'value',
          x: end ? x - 7 : x + 7,
          y: plane.top + 10,
          'text-anchor': end ? 'end' : 'start',
        },
        text,
      ),
    ];
  }
}

/** Where a time and a value lie. */
class Plane {
  #points;
  #begin;

  constructor(width, points, greatest) {
    this.#points = points;
    this.greatest = greatest;
    this.left = MARGIN.left;
    this.right = width - MARGIN.right;
    this.top = MARGIN.top;
    this.bottom = HEIGHT - MARGIN.bottom;
    this.#begin = points[0].at;
    this.end = points.at(-1).at;
  }

  x(at) {
    const share = (at - this.#begin) / (this.end - this.#begin);
    return round(this.left + Math.max(0, share) * (this.right - this.left));
  }

  y(value) {
    return round(this.bottom - (value / this.greatest) * (this.bottom - this.top));
  }

  line() {
    return `M${this.#points.map(({ at, value }) => `${this.x(at)} ${this.y(value)}`).join('L')}`;
  }

  area() {
    return `${this.line()}L${this.right} ${this.bottom}L${this.left} ${this.bottom}Z`;
  }

  nearest(x) {
    const share = (x - this.left) / (this.right - this.left);
    const index = Math.round(share * (this.#points.length - 1));
    return this.#points[Math.min(this.#points.length - 1, Math.max(0, index))];
  }
}

function round(number) {
  return Math.round(number * 10) / 10;
}

/** The end of an axis of bytes: a power of two, and never less than a KiB. */
export function byteScale(greatest) {
  return 2 ** Math.ceil(Math.log2(Math.max(1024, greatest)));
}

/** The end of an axis of numbers: 2, 4, 10, 20, 40, 100; its half is a round number, too. */
export function decimalScale(greatest) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, greatest)));
  const least = Math.max(2, greatest);
  return [1, 2, 4, 10, 20].map((step) => step * power).find((end) => end >= least);
}
