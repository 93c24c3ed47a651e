import { ConfigError } from '@vector-recall/core-config';
import { parseStreamAddress } from './address';

it.each([
  ['nats://localhost:4222/CHANGES', { servers: ['localhost:4222'], stream: 'CHANGES', replicas: 1 }],
  [
    'nats://a,b:4222,[::1]:1/my-items?replicas=3',
    { servers: ['a', 'b:4222', '[::1]:1'], stream: 'my-items', replicas: 3 },
  ],
  [
    'nats://shop:p%40ss%3A@a:4222/S',
    { servers: ['a:4222'], stream: 'S', replicas: 1, user: 'shop', password: 'p@ss:' },
  ],
])('reads %s', (text, address) => {
  expect(parseStreamAddress(text)).toEqual(address);
});

const form = '--changes must be of the form nats://host:port/STREAM, with more hosts behind commas.';
const login = '--changes must have both name and password before the @, with special characters as %XX.';
const parameter = '--changes takes one parameter, replicas, from 1 to 5, as in ?replicas=3.';

it.each([
  ['localhost:4222/CHANGES', form],
  ['nats://localhost:4222', form],
  ['nats://localhost:4222/', form],
  ['nats://a b/CHANGES', form],
  ['nats://a,/CHANGES', form],
  ['nats://a:4222/CHAN.GES', form],
  ['nats://secret@a/S', login],
  ['nats://a:b:c@a/S', login],
  ['nats://a:100%@a/S', '--changes has a % in its name or password that begins no character; write %25 for it.'],
  ['nats://a/S?replicas=0', parameter],
  ['nats://a/S?replicas=2&replicas=3', parameter],
  ['nats://a/S?copies=2', parameter],
])('refuses %s', (text, message) => {
  expect(() => parseStreamAddress(text)).toThrow(new ConfigError('server.changes', message));
});
