import { stringify } from 'yaml';

/** The config file of a starter project. @param source as `--data` takes it, from the project's folder */
export function starterConfig(source: string): string {
  const config = { data: { source }, runtime: { output: 'artifacts' } };
  return `# Options of a run; flags and VECTOR_RECALL_ variables win over them.
# npx vector-recall train --help lists every option.
${stringify(config)}`;
}

/**
 * The README of a starter project: the next three commands.
 * @param user an id out of the log; without one the reader fills it in
 */
export function starterReadme(source: string, user: string | undefined): string {
  const description = source.startsWith('files:')
    ? '\n`dataset.yaml` says which columns of your files hold what. Check it first.\n'
    : '';
  return `# Recommendations with Vector Recall

\`run.yaml\` holds the options of a run; the data are \`${source}\`.
${description}
Train a model, evaluate it and publish it into \`artifacts\`:

    npx vector-recall train --config run.yaml

Ask it for the items that one user should see next:

    npx vector-recall recall --config run.yaml --user ${user === undefined ? 'ID' : quoted(user)} --top-k 20

Serve it over gRPC:

    npx vector-recall-server --artifacts artifacts
`;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w.@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
