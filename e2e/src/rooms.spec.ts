import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { workspaceRoot } from './cli';

const read = (file: string): string => readFileSync(join(workspaceRoot, file), 'utf8');

/** What each room may import, as `eslint.config.mjs` enforces it. */
function enforcedRooms(): Map<string, readonly string[]> {
  const list = /^const rooms = (\[.*?^\]);/ms.exec(read('eslint.config.mjs'))?.[1] ?? '';
  const json = list.replaceAll("'", '"').replaceAll(/,(\s*\])/g, '$1');
  return new Map(z.array(z.tuple([z.string(), z.array(z.string())])).parse(JSON.parse(json)));
}

/** What each room may import, as the table of the README says. */
function documentedRooms(): Map<string, readonly string[]> {
  const rows = read('README.md').matchAll(/^\| `(?:packages|apps)\/([a-z-]+)` +\|[^|]*\| ([^|]*?) +\|$/gm);
  return new Map(Array.from(rows, ([, room, imports]) => [room, imports === '–' ? [] : imports.split(', ')]));
}

/** The packages that the `package.json` of each room names. */
function declaredRooms(): Map<string, readonly string[]> {
  const schema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(workspaceRoot, parent)).map((name) => `${parent}/${name}`),
  );
  return new Map(
    folders.map((folder) => {
      const { dependencies } = schema.parse(JSON.parse(read(`${folder}/package.json`)));
      const own = Object.keys(dependencies).filter((name) => name.startsWith('@vector-recall/'));
      // Tools run at install and are imported by no room.
      const rooms = own.map((name) => basename(name)).filter((name) => !existsSync(join(workspaceRoot, 'tools', name)));
      return [basename(folder), rooms];
    }),
  );
}

const sorted = (rooms: ReadonlyMap<string, readonly string[]>): Record<string, string[]> =>
  Object.fromEntries([...rooms].map(([room, imports]) => [room, [...imports].sort()]));

it('the README says of every room what is enforced', () => {
  expect(sorted(documentedRooms())).toEqual(sorted(enforcedRooms()));
});

it('no room depends on one that it may not import', () => {
  const enforced = enforcedRooms();
  const declared = declaredRooms();
  expect([...declared.keys()].sort()).toEqual([...enforced.keys()].sort());
  for (const [room, imports] of declared) {
    expect({ room, imports: imports.filter((name) => !enforced.get(room)?.includes(name)) }).toEqual({
      room,
      imports: [],
    });
  }
});
