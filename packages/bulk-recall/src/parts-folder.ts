import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAside } from '@vector-recall/core-config/files';
import { z } from 'zod';

/** What makes two runs the same: parts of one continue the other. */
const planSchema = z.strictObject({
  formatVersion: z.literal(1),
  format: z.enum(['parquet', 'jsonl']),
  model: z.string(),
  topK: z.int(),
  efSearch: z.int().nullable(),
  excludeSeen: z.boolean(),
  users: z.int(),
  usersPerPart: z.int(),
  /** Releases before filters wrote none. */
  filter: z.string().nullable().default(null),
});

export type Plan = z.output<typeof planSchema>;

const PLAN_FILE = 'plan.json';

/** The parts of a run that is under way or was interrupted, in a folder beside the file that they will become. */
export class PartsFolder {
  private constructor(
    private readonly folder: string,
    /** Numbers of the parts that an earlier run has left, whole. */
    readonly done: ReadonlySet<number>,
  ) {}

  /** Continues the folder of an interrupted run with the same plan; that of any other run is emptied. */
  static async open(folder: string, plan: Plan): Promise<PartsFolder> {
    await mkdir(folder, { recursive: true });
    const planFile = join(folder, PLAN_FILE);
    if (JSON.stringify(await readPlan(planFile)) !== JSON.stringify(plan)) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      await writeAside(planFile, (handle) => handle.writeFile(`${JSON.stringify(plan, null, 2)}\n`));
    }
    const done = new Set<number>();
    for (const name of await readdir(folder)) {
      const number = /^part-(\d{6})$/.exec(name)?.[1];
      if (number !== undefined) done.add(Number(number));
    }
    return new PartsFolder(folder, done);
  }

  /** @param part its number, from 0 */
  pathOf(part: number): string {
    return join(this.folder, `part-${String(part).padStart(6, '0')}`);
  }

  async write(part: number, bytes: Uint8Array): Promise<void> {
    await writeAside(this.pathOf(part), (handle) => handle.writeFile(bytes));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

/** `undefined` where there is none, or none that this release has written. */
async function readPlan(file: string): Promise<Plan | undefined> {
  try {
    return planSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
