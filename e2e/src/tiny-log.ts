import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Flags that train on {@link writeTinyLog}'s log in seconds. */
export const tinyTraining = [
  '--backend=wasm',
  '--preset=two-layer',
  '--epochs=1',
  '--batch-size=128',
  '--embedding-dim=16',
  '--promote=always',
  '--skip-benchmark',
];

/** Writes a log of string ids: six groups of users, each with its own items. */
export async function writeTinyLog(folder: string): Promise<void> {
  const rows = ['user,item,time'];
  for (let user = 0; user < 60; user++) {
    for (let k = 0; k < 10; k++) {
      const item = (user % 6) * 20 + ((user * 7 + k * 3) % 20);
      rows.push(`user-${user},sku-${item},${1_700_000_000 + k * 3600 + user}`);
    }
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'orders.csv'), rows.join('\n'));
  await writeFile(
    join(folder, 'dataset.yaml'),
    'interactions: { file: orders.csv, user: user, item: item, timestamp: time }\n',
  );
}

/** As {@link writeTinyLog}, where every third event is a purchase and the others are views. */
export async function writeTypedLog(folder: string): Promise<void> {
  await writeTinyLog(folder);
  const [head, ...rows] = (await readFile(join(folder, 'orders.csv'), 'utf8')).split('\n');
  const typed = rows.map((row, n) => `${row},${n % 3 === 0 ? 'purchase' : 'view'}`);
  await writeFile(join(folder, 'orders.csv'), [`${head},event`, ...typed].join('\n'));
  await writeFile(
    join(folder, 'dataset.yaml'),
    `interactions:
  { file: orders.csv, user: user, item: item, timestamp: time, type: { column: event, weights: { view: 1, purchase: 5 } } }
`,
  );
}

/** As {@link writeTinyLog}, with a name, a category and a price for each item. */
export async function writeNamedLog(folder: string): Promise<void> {
  await writeTinyLog(folder);
  const categories = ['shoes', 'hats', 'bags', 'belts', 'scarves', 'gloves'];
  const rows = Array.from({ length: 120 }, (_, item) => {
    const category = categories[Math.floor(item / 20)];
    return `sku-${item},${category} no. ${item % 20},${category},${5 + (item % 20)}`;
  });
  await writeFile(join(folder, 'products.csv'), ['sku,title,category,price', ...rows].join('\n'));
  await writeFile(
    join(folder, 'dataset.yaml'),
    `interactions: { file: orders.csv, user: user, item: item, timestamp: time }
items: { file: products.csv, id: sku, name: title, category: category, features: [price] }
`,
  );
}
