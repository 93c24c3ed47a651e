#!/usr/bin/env node
/**
 * Writes the log of a made-up shop with the faults of a real export: `node make-log.mjs FOLDER`. docs/your-data.md cleans it
 * up step by step. The same files come out every time.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = 'my-log'] = process.argv.slice(2);
const CUSTOMERS = 1200;
const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 5);

/** Mulberry32: a seeded generator of numbers in [0, 1). */
let state = 20260105;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (n) => Math.floor(random() * n);
const oneOf = (list) => list[below(list.length)];

const departments = {
  Running: ['shoes', 'jacket', 'belt', 'socks', 'watch'],
  Cycling: ['helmet', 'gloves', 'light', 'pump', 'jersey'],
  Climbing: ['harness', 'rope', 'chalk', 'shoes', 'karabiner'],
  Camping: ['tent', 'stove', 'lamp', 'mat', 'mug'],
  Swimming: ['goggles', 'fins', 'cap', 'towel', 'bag'],
  Winter: ['skis', 'gloves', 'goggles', 'jacket', 'boots'],
};
const brands = ['Alder', 'Birch', 'Cedar', 'Dogwood', 'Elm', 'Fir'];

/** 30 products of each kind, 900 in all. */
const products = Object.entries(departments).flatMap(([department, kinds]) =>
  kinds.flatMap((kind) =>
    Array.from({ length: 30 }, () => ({ department, kind, brand: oneOf(brands), price: 5 + below(200) + 0.9 })),
  ),
);
products.forEach((product, i) => Object.assign(product, { sku: `P-${1000 + i}`, place: i }));

const productRows = products.map(({ sku, department, kind, brand, price, place }) => {
  // Some prices are missing, and one was typed by hand.
  const shown = place === 417 ? 'ask us' : place % 50 === 0 ? '' : price.toFixed(2);
  const added = new Date(FIRST_DAY - (place % 300) * DAY).toISOString().slice(0, 10);
  const title = `${brand} ${department.toLowerCase()} ${kind}, model ${place}`;
  const tags = [brand.toLowerCase(), kind, place % 7 === 0 ? 'sale' : ''].filter(Boolean).join(';');
  return `${sku},"${title}",${department} > ${kind},${tags},${shown},${added},${place % 9 === 0 ? 'no' : 'yes'}`;
});

/** A customer likes two kinds of one department and one brand, and walks from a product to those beside it. */
function* eventsOf(customer) {
  const home = Object.keys(departments)[below(6)];
  const liked = [oneOf(departments[home]), oneOf(departments[home])];
  const brand = oneOf(brands);
  const shelf = products.filter(({ department, kind }) => department === home && liked.includes(kind));
  const favourites = shelf.filter((product) => product.brand === brand);
  let at = below(shelf.length);
  let time = FIRST_DAY + below(60) * DAY + below(DAY);
  for (let visit = 0; visit < 3 + below(5); visit++) {
    for (let step = 0; step < 2 + below(4); step++) {
      at = random() < 0.7 ? (at + 1 + below(3)) % shelf.length : below(shelf.length);
      const product =
        random() < 0.08 ? oneOf(products) : random() < 0.35 && favourites.length > 0 ? oneOf(favourites) : shelf[at];
      time += 20_000 + below(300_000);
      yield { customer, product, time, event: 'view' };
      if (random() < 0.3) yield { customer, product, time: time + 15_000, event: 'cart' };
      if (random() < 0.2) yield { customer, product, time: time + 90_000, event: 'purchase' };
      if (random() < 0.02) yield { customer, product, time: time + 5 * DAY, event: 'return' };
    }
    time += DAY * (1 + below(9));
  }
}

const header = 'event_time,customer,sku,event,device';
const events = Array.from({ length: CUSTOMERS }, (_, i) => [...eventsOf(`C${100 + i}`)])
  .flat()
  .sort((a, b) => a.time - b.time);
const eventRows = events.map(({ customer, product, time, event }, i) => {
  // Local times without a zone, guests without an id, blanks around ids, a probe of the monitoring.
  const local = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  const who = i % 211 === 0 ? '' : i % 97 === 0 ? ` ${customer} ` : customer;
  const what = i % 503 === 0 ? 'heartbeat' : event;
  return `${local},${who},${product.sku},${what},${i % 3 === 0 ? 'phone' : 'web'}`;
});
const half = Math.floor(eventRows.length / 2);

mkdirSync(folder, { recursive: true });
const write = (name, rows) => writeFileSync(join(folder, name), rows.join('\n') + '\n');
write('products.csv', ['sku,title,category,tags,price,added,in_stock', ...productRows]);
write('events-1.csv', [header, ...eventRows.slice(0, half)]);
// Two exports were joined with their headers.
const joint = half + 4000;
write('events-2.csv', [header, ...eventRows.slice(half, joint), header, ...eventRows.slice(joint)]);
