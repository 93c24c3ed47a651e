import { answerCalls, type Answer } from '../answer-calls';
import { OddNumberError } from './thrown-error';

/** Halves even numbers, in the place where it got them; refuses odd ones; ends at -1 and breaks at -2. */
answerCalls((values: Float64Array<ArrayBuffer>): Promise<Answer<Float64Array>> => {
  if (values.includes(-1)) process.exit();
  if (values.includes(-2)) {
    setImmediate(() => {
      throw new Error('broken');
    });
    return new Promise<never>(() => undefined);
  }
  const odd = values.find((value) => value % 2 === 1);
  if (odd !== undefined) return Promise.reject(new OddNumberError(odd, { cause: new RangeError('not even') }));
  const halves = values.map((value) => value / 2);
  return Promise.resolve({ response: halves, transfer: [halves.buffer] });
});
