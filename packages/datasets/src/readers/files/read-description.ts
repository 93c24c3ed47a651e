import { join } from 'node:path';
import { LineCounter, parseDocument, isNode, type Document } from 'yaml';
import type { z } from 'zod';
import { DatasetError } from '../../errors';
import { exists, readText } from '../../tables/files';
import { descriptionSchema, type Description } from './description';

const NAME = 'dataset.yaml';

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
  const lines = new LineCounter();
  const document = parseDocument(await readText(file), { lineCounter: lines, prettyErrors: false });
  const problem = document.errors.at(0);
  if (problem !== undefined) {
    throw new DatasetError('DATASET_DESCRIPTION_INVALID', `this is no valid YAML: ${problem.message}.`, {
      file,
      line: lines.linePos(problem.pos[0]).line,
    });
  }
  const result = descriptionSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const issue = mostTelling(result.error.issues);
  const path = issue.path.map(String);
  throw new DatasetError('DATASET_DESCRIPTION_INVALID', `${path.join('.') || 'the file'}: ${sentence(issue)}`, {
    file,
    line: lineOf(document, lines, issue.path),
  });
}

/** Of a value that fits none of several forms, the problem with the form that it comes closest to. */
function mostTelling(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const [issue] = issues;
  if (issue.code !== 'invalid_union') return issue;
  const nested = issue.errors.flat().filter((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys');
  if (nested.length === 0) return issue;
  const inner = mostTelling(nested);
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
