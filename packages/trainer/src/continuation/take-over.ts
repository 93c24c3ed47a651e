import type { Parameter } from '@vector-recall/towers';
import { ContinuationError } from '../errors';
import type { TableRows } from './table-rows';

type Parameters = ReadonlyMap<string, Parameter>;

/**
 * Copies the weights of a stored model into a new one whose vocabularies have grown: layers whole, tables row by row.
 * A row that the stored model does not have keeps what the new model has drawn for it, but users who are new start as
 * the unknown user, which is how the stored model serves them.
 *
 * @throws ContinuationError where the models differ in more than the rows of their tables
 */
export function takeOver(stored: Parameters, fresh: Parameters, rows: TableRows): void {
  checkSameLayers(stored, fresh);
  for (const [name, parameter] of fresh) {
    const source = stored.get(name);
    if (source === undefined) continue;
    if (parameter.kind === 'table') copyRows(source, parameter, rows.of(source, parameter));
    else parameter.values.set(source.values);
  }
}

function copyRows(source: Parameter, target: Parameter, rows: Int32Array): void {
  const dim = target.shape[1];
  const unknown = target.name === 'user.id.table' ? source.shape[0] - 1 : -1;
  rows.forEach((row, to) => {
    const from = row < 0 ? unknown : row;
    if (from >= 0) target.values.set(source.values.subarray(from * dim, (from + 1) * dim), to * dim);
  });
}

function checkSameLayers(stored: Parameters, fresh: Parameters): void {
  const names = new Set([...stored.keys(), ...fresh.keys()]);
  const different = [...names].filter((name) => layerOf(stored.get(name)) !== layerOf(fresh.get(name)));
  if (different.length === 0) return;
  throw new ContinuationError(
    `The model of this run differs from the stored one in ${different.join(', ')}; leave --from out to train a new model.`,
  );
}

/** What two parameters of one name must have in common: the rows of tables may differ. */
function layerOf(parameter: Parameter | undefined): string {
  if (parameter === undefined) return 'absent';
  const { kind, shape } = parameter;
  return `${kind} ${(kind === 'table' ? shape.slice(1) : shape).join()}`;
}
