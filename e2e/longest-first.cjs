// @ts-check
'use strict';

const { basename } = require('node:path');
const TestSequencer = require('@jest/test-sequencer').default;

/** Specs that take a minute or more. jest begins with the largest files, and would end with one of these alone. */
const LONG = ['packed', 'movielens', 'serving', 'kill', 'train'];

/** @param {{ readonly path: string }} test */
function placeOf({ path }) {
  const place = LONG.indexOf(basename(path, '.spec.ts'));
  return place === -1 ? LONG.length : place;
}

module.exports = class LongestFirst extends TestSequencer {
  /** @param {import('@jest/test-result').Test[]} tests */
  sort(tests) {
    return super.sort(tests).sort((a, b) => placeOf(a) - placeOf(b));
  }
};
