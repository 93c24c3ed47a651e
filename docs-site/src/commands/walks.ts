/** Pages of `docs` whose commands are run in their order, each list in a folder of its own. */
export const walks: readonly (readonly string[])[] = [['quick-start'], ['your-data', 'catalogue']];
