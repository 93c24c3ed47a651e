import { execFileSync } from 'node:child_process';
import { specifyCurves } from './chart';

const point = (recall: number, together: number) => ({ setting: 1, recall, together, alone: 1, p50Ms: 1, p99Ms: 1 });

/** jest does not load modules of ES, of which Vega is made, so it draws in a process of its own. */
const draw = `
  import { parse, View } from 'vega';
  import { readFileSync } from 'node:fs';
  const specification = JSON.parse(readFileSync(0, 'utf8'));
  console.log(await new View(parse(specification), { renderer: 'none' }).toSVG());
`;

describe('specifyCurves', () => {
  it('makes a picture with a line and its points for each engine, and names them', () => {
    const specification = specifyCurves(
      'Top-10 of a thousand',
      [
        { engine: 'one', points: [point(0.9, 4000), point(0.95, 3000)] },
        { engine: 'another', points: [point(0.92, 1000), point(0.97, 500), point(0.98, 400)] },
      ],
      0.95,
    );
    const svg = execFileSync(process.execPath, ['--input-type=module', '-e', draw], {
      cwd: __dirname,
      encoding: 'utf8',
      input: JSON.stringify(specification),
    });
    expect(svg).toMatch(/^<svg /);
    for (const text of ['Top-10 of a thousand', '>one<', '>another<']) expect(svg).toContain(text);
    expect(svg.match(/aria-roledescription="line mark container"/g)).toHaveLength(2);
    expect(svg.match(/aria-roledescription="symbol mark container"/g)).toHaveLength(2);
  });
});
