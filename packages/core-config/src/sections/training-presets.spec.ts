import { compileConfig } from '../compile/compile-config';
import { listOptions } from '../options/list-options';
import { presetNames, trainingPresets } from './training-presets';

describe.each(presetNames)('the preset %s', (name) => {
  const values = Object.entries(trainingPresets[name]);
  const valueAt = (config: ReturnType<typeof compileConfig>, path: string): unknown => {
    const [section, key] = path.split('.');
    return (config as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[section][key];
  };

  it('holds options of model and training, in their range', () => {
    const paths = new Set(listOptions().map(({ path }) => path));
    for (const [path] of values) {
      expect(paths).toContain(path);
      expect(path).toMatch(/^(model|training)\./);
    }
    expect(() => compileConfig({ flags: { preset: name } })).not.toThrow();
  });

  it('is what its name stands for, whatever the data would choose', () => {
    for (const auto of [undefined, ...presetNames]) {
      const config = compileConfig({ flags: { preset: name }, auto });
      expect(config.training.preset).toBe(name);
      expect(values.map(([path]) => valueAt(config, path))).toEqual(values.map(([, value]) => value));
    }
  });

  it('yields to a value from anywhere', () => {
    for (const [path, value] of values) {
      const option = listOptions().find((other) => other.path === path);
      const given = String(option?.default);
      if (given === String(value)) continue;
      for (const source of [{ flags: { [option?.flag ?? '']: given } }, { env: { [option?.env ?? '']: given } }]) {
        const config = compileConfig({ ...source, flags: { ...source.flags, preset: name } });
        expect([path, valueAt(config, path)]).toEqual([path, option?.default]);
      }
    }
  });
});
