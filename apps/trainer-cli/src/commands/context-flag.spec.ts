import { parseContext } from './context-flag';

it.each([
  ['device=phone', { device: 'phone' }],
  ['device=phone,country=PT', { device: 'phone', country: 'PT' }],
  ['query=a=b', { query: 'a=b' }],
])('reads %s', (text, context) => {
  expect(parseContext(text)).toEqual(context);
});

it.each([
  ['', '--context has "", but each part must be NAME=LABEL, as in device=phone.'],
  ['device', '--context has "device", but each part must be NAME=LABEL, as in device=phone.'],
  ['=phone', '--context has "=phone", but each part must be NAME=LABEL, as in device=phone.'],
  ['device=', '--context has "device=", but each part must be NAME=LABEL, as in device=phone.'],
  ['device=phone,', '--context has "", but each part must be NAME=LABEL, as in device=phone.'],
  ['device=a,device=b', '--context has device twice; give each part one label.'],
])('refuses %j', (text, message) => {
  expect(() => parseContext(text)).toThrow(message);
});
