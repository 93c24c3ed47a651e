import { answerCalls, type Answer } from '@vector-recall/threads';
import { HnswIndex } from '../hnsw/hnsw-index';
import { RowMarks } from '../row-marks';
import type { SearchResult } from '../vector-index';
import { packResults, type PackedQueries, type ThreadRequest, type ThreadResponse } from './messages';

/** The module of a search thread: it loads a graph of its own, which no other thread sees, and searches it. */
let opened: { readonly index: HnswIndex; readonly marks: RowMarks } | undefined;

answerCalls(async (request: ThreadRequest): Promise<Answer<ThreadResponse>> => {
  if ('folder' in request) {
    const index = await HnswIndex.load(request.folder);
    opened = { index, marks: new RowMarks(index.size) };
    const { size, dim, space, efSearch } = index;
    return { response: { size, dim, space, efSearch } };
  }
  if (opened === undefined) throw new Error('The thread was asked to search before it had opened an index.');
  const response = packResults(search(opened.index, opened.marks, request));
  return { response, transfer: [response.buffer] };
});

function search(index: HnswIndex, marks: RowMarks, { queries, vectors, exclude }: PackedQueries): SearchResult[] {
  const { dim } = index;
  let filled = 0;
  return queries.map(({ k, efSearch, excluded }, i) => {
    marks.fill(exclude.subarray(filled, filled + excluded));
    filled += excluded;
    return index.search(vectors.subarray(i * dim, (i + 1) * dim), k, { efSearch, exclude: marks });
  });
}
