import type { Figures, TrackedEnd, TrackedRun, Tracker } from '../tracker';
import { WandbProcess } from './wandb-process';

/** What a run of Weights & Biases belongs to; without an entity it is the one that the user logged in as. */
export interface WandbProject {
  readonly entity?: string;
  readonly project: string;
}

/** Of a process: 130 is what a shell gives for Ctrl-C. */
const exitCodes = { finished: 0, failed: 1, interrupted: 130 } as const;

/** Logs a run to Weights & Biases, through the official library in a process of its own. */
export class WandbTracker implements Tracker {
  readonly name = 'Weights & Biases';

  private constructor(
    private readonly target: WandbProject,
    private readonly process: WandbProcess,
  ) {}

  /**
   * @param python the command of an interpreter that has the library `wandb`
   * @param env added to the variables of this process; those of `wandb` apply
   * @throws TrackingLibraryError where the interpreter or its library is missing
   */
  static async create(
    target: WandbProject,
    python: string,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<WandbTracker> {
    return new WandbTracker(target, await WandbProcess.start(python, env));
  }

  async start({ name, tags }: TrackedRun): Promise<void> {
    const { project, entity } = this.target;
    await this.process.call('start', { project, entity: entity ?? null, name, config: tags });
  }

  async logStep(step: number, figures: Figures): Promise<void> {
    await this.process.call('log', { step, figures: finite(figures) });
  }

  async logEpoch(step: number, figures: Figures): Promise<void> {
    await this.logStep(step, figures);
  }

  async end({ status, step, params, tags, metrics, report }: TrackedEnd): Promise<void> {
    const options = Object.entries(params).map(([path, text]) => [path, plainValue(text)] as const);
    const config = { ...tags, ...Object.fromEntries(options) };
    const given = { exitCode: exitCodes[status], step, config, summary: finite(metrics), report: report ?? null };
    await this.process.call('end', given);
    await this.process.ended();
  }
}

/** What is not finite can't be written as JSON. */
const finite = (figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)));

/** A number as a number, so that runs can be plotted over it; words as they are. */
function plainValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
