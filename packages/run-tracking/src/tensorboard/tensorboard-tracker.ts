import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileErrorOf } from '@vector-recall/core-config/files';
import type { Figures, TrackedEnd, Tracker } from '../tracker';
import { scalarEvent, versionEvent } from './event';
import { tfRecord } from './tf-record';

/** Bytes that are held back, so that a step is no write of its own; after each epoch all are written. */
const HELD_BYTES = 64 * 1024;

/** Writes an event file that TensorBoard reads while it grows. */
export class TensorBoardTracker implements Tracker {
  readonly name = 'TensorBoard';
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
  ) {}

  /**
   * Begins a new file in a folder, which is made where it is missing. Runs share no folder unless they are one curve.
   * @throws FileError where the folder or the file can't be made
   */
  static async create(folder: string): Promise<TensorBoardTracker> {
    const seconds = Date.now() / 1000;
    const file = join(folder, `events.out.tfevents.${Math.floor(seconds)}.${hostname()}.${process.pid}.0`);
    try {
      await mkdir(folder, { recursive: true });
      const tracker = new TensorBoardTracker(file, await open(file, 'ax'));
      tracker.#hold(versionEvent(seconds));
      await tracker.#write();
      return tracker;
    } catch (error) {
      throw fileErrorOf(folder, 'written', error);
    }
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async logStep(step: number, figures: Figures): Promise<void> {
    this.#hold(scalarEvent(Date.now() / 1000, step, figures));
    if (this.#heldBytes >= HELD_BYTES) await this.#write();
  }

  async logEpoch(step: number, figures: Figures): Promise<void> {
    this.#hold(scalarEvent(Date.now() / 1000, step, figures));
    await this.#write();
  }

  async end({ step, metrics }: TrackedEnd): Promise<void> {
    if (Object.keys(metrics).length > 0) this.#hold(scalarEvent(Date.now() / 1000, step, metrics));
    await this.#write();
    await this.handle.close();
  }

  #hold(event: Uint8Array): void {
    const record = tfRecord(event);
    this.#held.push(record);
    this.#heldBytes += record.length;
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    try {
      await this.handle.appendFile(bytes);
    } catch (error) {
      throw fileErrorOf(this.file, 'written', error);
    }
  }
}
