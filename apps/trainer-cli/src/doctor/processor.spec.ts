import { describeProcessor, featuresIn } from './processor';

it.each([
  ['processor : 0\nflags\t\t: fpu sse4_2 avx2 fma avx512f\nbugs : x\n', ['avx512f', 'avx2', 'fma', 'sse4_2']],
  ['Features        : fp asimd sve\n', ['asimd', 'sve']],
  ['flags : avx512fake\n', []],
  ['', []],
])('reads the extensions out of %j', (text, features) => {
  expect(featuresIn(text)).toEqual(features);
});

it('describes this machine', () => {
  expect(describeProcessor().threads).toBeGreaterThan(0);
});
