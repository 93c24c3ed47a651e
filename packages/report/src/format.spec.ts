import { formatBytes, formatCount, formatFigure, formatMs, formatRate, formatSeconds, printable } from './format';

it.each([
  [0.0123, '12 ms'],
  [0.9996, '1.0 s'],
  [12.34, '12.3 s'],
  [99.96, '1 min 40 s'],
  [245, '4 min 05 s'],
  [3599.6, '1 h 00 min'],
  [3720, '1 h 02 min'],
])('shows %d seconds as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [53_687_091, '51.2 MiB'],
  [2 ** 50, '1024.0 TiB'],
])('shows %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [0.001, '0.001'],
  [0.00005, '5e-5'],
  [0.0000525, '5.25e-5'],
  [0, '0'],
  [0.0123456, '0.0123'],
])('shows the learning rate %d as %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text);
});

it.each([
  [0.1234567, '0.1235'],
  [undefined, '–'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('shows the figure %d as %s', (value, text) => {
  expect(formatFigure(value)).toBe(text);
});

it('shows counts with separators and latencies with the digits that matter', () => {
  expect([formatCount(1_234_567.4), formatMs(0.842), formatMs(12.34)]).toEqual(['1,234,567', '0.84', '12.3']);
});

it.each([
  ['Amélie (2001)', 'Amélie (2001)'],
  ['two\nlines\tand  more', 'two lines and more'],
  ['\u001b[2Jcleared', '[2Jcleared'],
  ['left\u202eright', 'leftright'],
  ['\u0007bell\u009b', 'bell'],
])('takes control characters out of %j', (text, clean) => {
  expect(printable(text)).toBe(clean);
});
