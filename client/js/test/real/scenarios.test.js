import { describe, test } from 'node:test';
import { scenarios } from './scenarios.js';

const { BGFETCH_URL: gateway, ORIGIN_URL: origin } = process.env;

describe(
  'with a real gateway',
  { skip: gateway === undefined && 'no BGFETCH_URL', timeout: 120_000 },
  () => {
    for (const [name, run] of Object.entries(scenarios)) {
      test(name, () => run({ gateway, origin }));
    }
  },
);
