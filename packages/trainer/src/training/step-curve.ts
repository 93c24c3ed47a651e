/** What one step of a training did. */
export interface StepFigures {
  readonly loss: number;
  readonly learningRate: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
}

/** Means over the steps since the point before it. */
export interface CurvePoint extends StepFigures {
  /** The last of its steps, counted from 1 over all epochs. */
  readonly step: number;
}

/** Where a curve stands, as plain JSON. */
export interface StepCurveState {
  readonly points: readonly CurvePoint[];
  /** Steps of the point under way, and the sums over them. */
  readonly pending: StepFigures & { readonly steps: number };
}

/** A curve of so many points is smooth on a page and small in a file. */
const MOST_POINTS = 200;

const nothing = { steps: 0, loss: 0, learningRate: 0, gradientNorm: 0 };

export const emptyCurve: StepCurveState = { points: [], pending: nothing };

/** A training in at most 200 points, each the mean of the same number of steps. */
export class StepCurve {
  readonly #stepsPerPoint: number;
  readonly #points: CurvePoint[];
  #pending: StepCurveState['pending'];

  /** @param totalSteps of the whole training; one that ends early has fewer points */
  constructor(totalSteps: number, { points, pending }: StepCurveState = emptyCurve) {
    this.#stepsPerPoint = Math.max(1, Math.ceil(totalSteps / MOST_POINTS));
    this.#points = [...points];
    this.#pending = pending;
  }

  /** @param step counted from 1 */
  add(step: number, { loss, learningRate, gradientNorm }: StepFigures): void {
    const before = this.#pending;
    this.#pending = {
      steps: before.steps + 1,
      loss: before.loss + loss,
      learningRate: before.learningRate + learningRate,
      gradientNorm: before.gradientNorm + gradientNorm,
    };
    if (this.#pending.steps === this.#stepsPerPoint) this.#finishPoint(step);
  }

  get points(): readonly CurvePoint[] {
    return this.#points;
  }

  state(): StepCurveState {
    return { points: this.#points, pending: this.#pending };
  }

  #finishPoint(step: number): void {
    const { steps, loss, learningRate, gradientNorm } = this.#pending;
    this.#points.push({
      step,
      loss: loss / steps,
      learningRate: learningRate / steps,
      gradientNorm: gradientNorm / steps,
    });
    this.#pending = nothing;
  }
}
