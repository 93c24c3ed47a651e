import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Figures } from '../tracker';

// Fields of tensorflow.Event, tensorflow.Summary and tensorflow.Summary.Value.
const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const summary = { value: 1 } as const;
const value = { tag: 1, simpleValue: 2 } as const;

/** The event that every file begins with. */
export function versionEvent(seconds: number): Uint8Array {
  return begin(seconds).tag(event.fileVersion, WireType.LengthDelimited).string('brain.Event:2').finish();
}

/**
 * Scalars of one step.
 * @param seconds since 1970
 */
export function scalarEvent(seconds: number, step: number, figures: Figures): Uint8Array {
  const writer = begin(seconds).tag(event.step, WireType.Varint).int64(step);
  writer.tag(event.summary, WireType.LengthDelimited).fork();
  for (const [name, figure] of Object.entries(figures)) {
    writer.tag(summary.value, WireType.LengthDelimited).fork();
    writer.tag(value.tag, WireType.LengthDelimited).string(name);
    writer.tag(value.simpleValue, WireType.Bit32).float(figure);
    writer.join();
  }
  return writer.join().finish();
}

function begin(seconds: number): BinaryWriter {
  return new BinaryWriter().tag(event.wallTime, WireType.Bit64).double(seconds);
}
