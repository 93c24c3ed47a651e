import { markdownBlocks, wordValue } from './markdown-blocks';

const page = `# A

\`\`\`sh exit=1 server
one
  two
\`\`\`

- in a list

  \`\`\`yaml
  a: 1
  \`\`\`

\`\`\`
three
\`\`\`
`;

it('finds fenced blocks with what stands behind their fences', () => {
  expect(markdownBlocks(page)).toEqual([
    { line: 3, language: 'sh', words: ['exit=1', 'server'], text: 'one\n  two\n' },
    { line: 10, language: 'yaml', words: [], text: 'a: 1\n' },
    { line: 14, language: '', words: [], text: 'three\n' },
  ]);
});

it('reads the value of a word', () => {
  const block = { line: 1, language: 'sh', words: ['exit=1', 'server'], text: '' };
  expect([wordValue(block, 'exit'), wordValue(block, 'file')]).toEqual(['1', undefined]);
});
