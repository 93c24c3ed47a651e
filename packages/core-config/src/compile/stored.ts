import type { VectorRecallConfig } from '../config';
import { listOptions } from '../options/list-options';
import type { Layer } from './compile-config';

/** Takes the options of an already compiled config as a layer. */
export function readStored(config: VectorRecallConfig): Layer {
  return new Map(
    listOptions().map((option) => {
      const section: Readonly<Record<string, Layer extends ReadonlyMap<string, infer V> ? V : never>> =
        config[option.section];
      return [option.path, section[option.key] ?? option.default] as const;
    }),
  );
}
