import { LiveStore } from '../state/live-store';

/**
 * Makes changes until it is killed, and says of each which is acknowledged: `ack NUMBER`. Item i is upserted with the
 * number of the change as its name; compactions run in between.
 */
async function writeForever(folder: string, from: number): Promise<void> {
  const store = await LiveStore.open(folder, { onEvent: (event) => process.stdout.write(`event ${event.type}\n`) });
  process.stdout.write('open\n');
  const write = async (lane: number): Promise<void> => {
    for (let n = from + lane; ; n += LANES) {
      await store.write([{ kind: 'upsert-item', changeId: `c${n}`, item: { id: n % 48, name: String(n) } }]);
      process.stdout.write(`ack ${n}\n`);
      if (n % 40 === 0) await store.compact();
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => write(lane)));
}

const LANES = 4;

void writeForever(process.argv[2], Number(process.argv[3]));
