import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument, isNode, type Document } from 'yaml';
import type { z } from 'zod';
import { DatasetError } from '../../errors';
import { exists } from '../../tables/files';
import { readText } from '../../tables/text-chunks';
import { descriptionSchema, type Description } from './description';

const NAME = 'dataset.yaml';
/** The time to parse YAML grows with the square of its keys; a description of a hundred columns has some 10 KiB. */
const MOST_BYTES = 128 * 1024;

/**
 * Reads and checks the description in a folder.
 * @throws DatasetError with the line of what is wrong in it
 */
export async function readDescription(folder: string): Promise<Description> {
  const file = join(folder, NAME);
  if (!(await exists(file))) {
    throw new DatasetError(
      'DATASET_FILE_MISSING',
      `this file does not exist; it has to say which columns of which files hold users, items and times.`,
      { file },
    );
  }
  if ((await stat(file)).size > MOST_BYTES) {
    throw new DatasetError(
      'DATASET_DESCRIPTION_INVALID',
      'this file is larger than 128 KiB; it describes tables and must not hold data.',
      { file },
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(await readText(file), { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    message: `this is no valid YAML: ${message.replace(/\.$/, '')}.`,
  }));
  if (problems.length > 0) throw invalid(file, problems);
  const result = descriptionSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  throw invalid(
    file,
    result.error.issues.map(mostTelling).map((issue) => ({
      line: lineOf(document, lines, issue.path),
      message: `${issue.path.map(String).join('.') || 'the file'}: ${sentence(issue)}`,
    })),
  );
}

/** One error for all faults, at the place of the first. */
function invalid(file: string, faults: readonly { readonly line: number; readonly message: string }[]): DatasetError {
  const [first, ...others] = faults.toSorted((a, b) => a.line - b.line);
  const message = [first.message, ...others.map((fault) => `Line ${fault.line}, ${fault.message}`)].join(' ');
  return new DatasetError('DATASET_DESCRIPTION_INVALID', message, { file, line: first.line });
}

/** Of a value that fits none of several forms, the problem with the form that it comes closest to. */
function mostTelling(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const nested = issue.errors.flat().filter((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys');
  if (nested.length === 0) return issue;
  const inner = mostTelling(nested[0]);
  return { ...inner, path: [...issue.path, ...inner.path] };
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `there is no key ${issue.keys.join(', ')} here.`;
  return `${issue.message}.`;
}

/** The line of the value at a path, or of the nearest thing around it that is written down. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
