import { Writable } from 'node:stream';
import { ModelRefusedError, type ModelEvent } from '@vector-recall/recall-service';
import pino from 'pino';
import { logModelEvent } from './log';

function lineOf(event: ModelEvent): unknown {
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      text += chunk.toString();
      done();
    },
  });
  logModelEvent(pino({ base: null, timestamp: false }, sink), event);
  return JSON.parse(text);
}

it.each<[ModelEvent, unknown]>([
  [
    { type: 'waiting', root: 'artifacts', isMissing: false },
    {
      level: 40,
      artifacts: 'artifacts',
      msg: 'No version is promoted in artifacts yet; the first one that is will be served at once.',
    },
  ],
  [
    { type: 'waiting', root: 'artifact', isMissing: true },
    {
      level: 40,
      artifacts: 'artifact',
      msg:
        'The folder artifact does not exist. Check --artifacts; if it is right, train into it: ' +
        'the first version that is promoted there will be served at once.',
    },
  ],
  [
    { type: 'switched', version: 'b', previousVersion: 'a', loadMs: 12.6 },
    { level: 30, version: 'b', previousVersion: 'a', loadMs: 13, msg: 'Serving a version.' },
  ],
  [
    { type: 'refused', version: 'b', serving: 'a', error: new ModelRefusedError('b', new Error('It is torn.'), 'a') },
    {
      level: 50,
      version: 'b',
      serving: 'a',
      code: 'RECALL_MODEL_REFUSED',
      msg: 'The version b was refused: It is torn. The version a goes on serving.',
    },
  ],
  [
    { type: 'retired', version: 'a' },
    { level: 30, version: 'a', msg: 'Closed a version after its last call.' },
  ],
])('%j becomes a line', (event, line) => {
  expect(lineOf(event)).toEqual(line);
});
