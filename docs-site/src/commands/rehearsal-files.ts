import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the pages take for granted, by the names that they use. Users, items and so on have whole numbers as ids. */
export function writeRehearsalFiles(folder: string): void {
  writeShop(join(folder, 'my-log'), 0);
  writeShop(join(folder, 'only-the-new-events'), 86_400 * 30);
  const put = (name: string, lines: readonly string[]): void => {
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  };
  put('shop.yaml', [
    'interactions:',
    '  { file: events.csv, user: user_id, item: item_id, timestamp: time, type: type, context: [device, country] }',
    'items:',
    '  { file: items.csv, id: item_id, name: title, categories: [category, in_stock], features: [price] }',
  ]);
  put('users.jsonl', ['42', '{"user": 7, "topK": 5}']);
  put('recalled.txt', ['17', '18']);
  put('tokens', ['a-token-for-readers']);
  put('token', ['a-token-for-readers']);
  put('events.jsonl', ['{ "user": 7, "item": 1001, "at": "2026-11-29T12:00:00Z" }']);
  put('ids.txt', numbers(400).map(String));
  put('items.jsonl', [
    '{ "id": 1001, "attributes": { "category": "shoes", "price": 49.9 }, "name": "Runner 3" }',
    '{ "id": 1002, "attributes": { "category": "boots", "price": 79.9 } }',
  ]);
  put('attributes.jsonl', ['{ "id": 17, "brand": "x", "tags": ["new"], "price": 49.9, "in_stock": true }']);
  writeFileSync(join(folder, 'items.npy'), npy(400, 16));
  writeFileSync(join(folder, 'queries.npy'), npy(100, 16));
  writeFileSync(join(folder, 'query.npy'), npy(1, 16));
  const certificate = '-subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2 -keyout key.pem -out cert.pem';
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...certificate.split(' ')];
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  execFileSync('cp', ['cert.pem', 'ca.pem'], { cwd: folder });
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const categories = ['shoes', 'boots', 'Running', 'socks'];

/** Four groups of users, each with its own items. */
function writeShop(folder: string, later: number): void {
  mkdirSync(folder);
  const put = (name: string, head: string, rows: readonly string[]): void => {
    writeFileSync(join(folder, name), [head, ...rows, ''].join('\n'));
  };
  put(
    'items.csv',
    'item_id,title,category,price,in_stock',
    numbers(400).map((n) => `${n},Item ${n},${categories[n % 4]},${10 + (n % 80)},${n % 9 === 0 ? 'no' : 'yes'}`),
  );
  const events = numbers(200).flatMap((user) =>
    numbers(10).map((k) => {
      const item = (user % 4) + 4 * ((user * 7 + k * 3) % 100);
      const time = 1_760_000_000 + later + k * 3600 + user;
      return `${user},${item},${time},${k % 3 === 0 ? 'purchase' : 'view'},${k % 2 === 0 ? 'phone' : 'web'},PT`;
    }),
  );
  put('events.csv', 'user_id,item_id,time,type,device,country', events);
}

/** Vectors of float32 in NumPy's format. */
function npy(rows: number, dim: number): Buffer {
  const shape = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dim}), }`;
  const head = `${shape.padEnd(117)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, head.length, 0]);
  const values = Float32Array.from({ length: rows * dim }, (_, n) => Math.sin(n * 12.9898));
  return Buffer.concat([start, Buffer.from(head), Buffer.from(values.buffer)]);
}
