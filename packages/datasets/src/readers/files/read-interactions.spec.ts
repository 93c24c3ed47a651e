import { gzipSync } from 'node:zlib';
import { makeFolder, removeFolders } from '../../testing/folders';
import { eventsOf, failureOf } from '../../testing/inspect';
import { readFiles } from './read-files';

afterEach(removeFolders);

const options = { minUserInteractions: 1 };

/** A log in CSV with a description of its columns `u`, `i` and `t`, and of what `yaml` adds. */
const shop = (csv: string | Uint8Array, yaml = '', file = 'log.csv') =>
  makeFolder({
    'dataset.yaml': `interactions:\n  file: ${file}\n  user: u\n  item: i\n${yaml}`,
    [file]: csv,
  });
const timed = '  timestamp: t\n';
const START = 1_700_000_000;

describe('event types', () => {
  const csv = [
    'u,i,t,type,plays',
    `1,10,${START},view,1`,
    `1,10,${START + 1},buy,3`,
    `1,11,${START + 2},return,1`,
    `1,12,${START + 3},click,1`,
    `2,10,${START},view,`,
    `2,11,${START + 1},,1`,
    '',
  ].join('\n');

  it('are read with their weights; others are excluded, and those of 0 and below are signals against', async () => {
    const yaml = `${timed}  type: { column: type, weights: { view: 1, buy: 5, return: -1 } }\n  target: buy\n`;
    const { interactions, notes } = await readFiles(shop(csv, yaml), options);
    expect([...interactions.items]).toEqual([0, 0, 0]);
    expect(interactions.types).toEqual({ names: ['view', 'buy', 'return'], values: Uint8Array.of(0, 1, 0), target: 1 });
    expect([...(interactions.weights ?? [])]).toEqual([1, 5, 1]);
    expect(interactions.negatives).toEqual({
      offsets: Int32Array.of(0, 1, 1),
      items: Int32Array.of(1),
      timestamps: Float64Array.of(START + 2),
    });
    expect(notes).toEqual([
      '1 interactions without type are excluded.',
      'Interactions of types that type.weights does not name are excluded: 1 of type click.',
      '1 interactions with a weight of 0 or less count as signals against their item.',
    ]);
  });

  it('count the same where no weights are given', async () => {
    const { interactions } = await readFiles(shop(csv, `${timed}  type: type\n`), options);
    expect(interactions.types?.names).toEqual(['view', 'buy', 'return', 'click']);
    expect([interactions.weights, interactions.negatives, interactions.types?.target]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['  target: buy\n', 'interactions.target: a target needs type, the column of the event types.'],
    [
      '  type: { column: type, weights: { view: 1 } }\n  target: buy\n',
      'interactions.target: the target buy needs a weight above 0 in type.weights.',
    ],
    ['  type: type\n  target: bought\n', 'no event is of the type bought; the types are view, buy, return, click.'],
  ])('are refused with %j', async (yaml, message) => {
    expect((await failureOf(readFiles(shop(csv, timed + yaml), options))).message).toContain(message);
  });
});

describe('weights', () => {
  const csv = `u,i,t,plays\n1,1,${START},1\n1,2,${START},100\n1,3,${START},0\n1,4,${START},\n`;

  it.each([
    ['weight: plays', [1, 100, 1]],
    ['weight: { column: plays, scale: log }', [Math.log(2), Math.log(101), 1]],
    ['weight: { column: plays, neutral: 2 }', [98, 1]],
  ])('are read with %s', async (yaml, expected) => {
    const { interactions, notes } = await readFiles(shop(csv, `${timed}  ${yaml}\n`), options);
    expect([...(interactions.weights ?? [])].map((weight) => weight)).toEqual(expected.map(Math.fround));
    expect(interactions.negatives?.items).toHaveLength(4 - expected.length);
    expect(notes).toContain('1 interactions without plays have a weight of 1.');
  });
});

describe('keep', () => {
  const csv = 'u,i,stars,kind,live\n1,1,5,a,true\n1,2,2,a,true\n1,3,4,b,true\n1,4,4.0,c,false\n1,5,,a,true\n';

  it.each([
    ['{ column: stars, atLeast: 3 }', [1, 3, 4]],
    ['{ column: stars, equals: 4 }', [3, 4]],
    ['{ column: kind, in: [a, b] }', [1, 2, 3, 5]],
    ['{ column: live, equals: false }', [4]],
    ['[{ column: stars, atLeast: 3 }, { column: kind, equals: a }]', [1]],
  ])('takes the rows that %s names', async (keep, items) => {
    const dataset = await readFiles(shop(csv, `  order: rows\n  keep: ${keep}\n`), options);
    expect(eventsOf(dataset).map(([, item]) => item)).toEqual(items);
    expect(dataset.notes.join(' ')).toContain('interactions are excluded, since they do not meet keep: ');
  });

  it('needs a condition', async () => {
    const error = await failureOf(readFiles(shop(csv, '  keep: { column: stars }\n'), options));
    expect(error.message).toContain('keep needs atLeast, equals or in.');
  });
});

describe('context', () => {
  it('reads labels, and the hour and the weekday where the clock of the zone stands', async () => {
    const csv = 'u,i,t,device\n1,1,2026-05-17 23:30:00,phone\n1,2,2026-05-18T00:30:00+02:00,\n';
    const yaml = '  timestamp: { column: t, unit: iso, zone: Europe/Berlin }\n  context: [device, hour, weekday]\n';
    const { interactions } = await readFiles(shop(csv, yaml), options);
    const labels = interactions.context?.map((column) => [...column.values].map((value) => column.labels[value]));
    expect(interactions.context?.map(({ name }) => name)).toEqual(['device', 'hour', 'weekday']);
    // 17 May 2026 is a Sunday.
    expect(labels).toEqual([
      ['phone', undefined],
      ['23', '0'],
      ['Sunday', 'Monday'],
    ]);
  });
});

describe('order', () => {
  it('is that of the rows where they claim to be in order', async () => {
    const { interactions, notes } = await readFiles(shop('u,i\n1,5\n1,3\n1,4\n', '  order: rows\n'), options);
    expect([[...interactions.timestamps], interactions.order, notes]).toEqual([[0, 1, 2], 'rows', []]);
  });

  it('is not claimed beside times', async () => {
    const error = await failureOf(readFiles(shop(`u,i,t\n1,5,${START}\n`, `${timed}  order: rows\n`), options));
    expect(error.message).toContain('interactions.order: order: rows is for a log without a timestamp.');
  });
});

describe('rows of a log', () => {
  it('without an id or a time are excluded and counted, and integer ids stay integers', async () => {
    const csv = `u,i,t\n1,7,${START}\nNULL,7,${START}\nnan,7,${START}\n2,,${START}\n2,8,\n 3 , 9 ,${START}\n`;
    const dataset = await readFiles(shop(csv, timed), options);
    expect(eventsOf(dataset)).toEqual([
      [1, 7, START],
      [3, 9, START],
    ]);
    expect(dataset.notes).toEqual([
      '2 rows of log.csv have no u (NULL, nan), the first on line 3; they are excluded.',
      '1 rows of log.csv have no i, the first on line 5; they are excluded.',
      '1 rows of log.csv have no t, the first on line 6; they are excluded.',
    ]);
  });

  it('with times in two units are refused together', async () => {
    const csv = `u,i,t\n${Array.from({ length: 12 }, (_, n) => `1,${n},${(START + n) * (n % 2 === 0 ? 1 : 1000)}`).join('\n')}\n`;
    const error = await failureOf(readFiles(shop(csv, timed), options));
    expect([error.code, error.line, error.column]).toEqual(['DATASET_NUMBER_INVALID', 3, 't']);
    expect(error.message).toContain(
      '"1700000001000" is a time in the year 55840; write all times of the column in one unit, and state it: ' +
        's, ms, us, ns or iso. 5 more cells of this column have the same problem, on lines 5, 7, 9, 11 and others.',
    );
  });

  it('with bad values in several columns are refused together', async () => {
    const csv = `u,i,t,n\n1,1,soon,1\n1,2,${START},x\n1,3,later,1\n`;
    const error = await failureOf(readFiles(shop(csv, `${timed}  weight: n\n`), options));
    expect(error.message).toMatch(
      /line 2, column t: "soon" is not a finite number; .* 1 more cells of this column have the same problem, on line 4\. Also line 3, column n: "x" is not a finite number/,
    );
  });

  it('are read from compressed files, and from absolute paths', async () => {
    const folder = shop(gzipSync(`u,i,t\n1,2,${START}\n`), timed, 'log.csv.gz');
    const other = makeFolder({
      'dataset.yaml': `interactions: { file: ${folder}/log.csv.gz, user: u, item: i, timestamp: { column: t, unit: seconds } }`,
    });
    for (const each of [folder, other]) expect(eventsOf(await readFiles(each, options))).toEqual([[1, 2, START]]);
  });

  it('keep their quotes where quotes mean nothing', async () => {
    const csv = 'u,i,text\n1,a,"x\n1,b,y"\n1,c,z\n';
    const dataset = await readFiles(shop(csv, '  order: rows\n  quotes: false\n'), options);
    expect(eventsOf(dataset).map(([, item]) => item)).toEqual(['a', 'b', 'c']);
  });
});

it('lists all faults of a description at once', async () => {
  const error = await failureOf(
    readFiles(
      makeFolder({
        'dataset.yaml': 'interactions:\n  file: a.csv\n  user: 7\n  item: i\n  usr: x\nitems:\n  id: sku\n',
      }),
      options,
    ),
  );
  expect([error.code, error.line]).toEqual(['DATASET_DESCRIPTION_INVALID', 2]);
  expect(error.message).toContain('line 2: interactions: there is no key usr here.');
  expect(error.message).toContain('Line 3, interactions.user: Invalid input: expected string, received number.');
  expect(error.message).toContain('items.file: ');
});
