import { faultsOf } from './check-command';
import { readDocuments } from './documents';
import { markdownBlocks } from './markdown-blocks';
import { shellCommands } from './shell-commands';

const documents = readDocuments().map(({ source, markdown }) => ({
  source,
  blocks: markdownBlocks(markdown),
  markdown,
}));

/** The commands of a page: those of its blocks, and those with options in backticks, unless they hold a placeholder. */
const commandsOf = ({ blocks, markdown }: (typeof documents)[number]): string[][] => [
  ...blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => shellCommands(text)),
  ...Array.from(markdown.matchAll(/`((?:npx )?vector-recall(?:-server)? [^`\n]*--[^`\n]+)`/g), ([, text = '']) => text)
    .filter((text) => !/\b[A-Z]+\b|…/.test(text))
    .flatMap(shellCommands),
];

it('every command of every page is one that the programs take', () => {
  const faults = documents.flatMap((document) =>
    commandsOf(document).flatMap((words) =>
      faultsOf(words).map((fault) => `${document.source}: ${words.join(' ')}: ${fault}`),
    ),
  );
  expect(faults).toEqual([]);
});

it('every block says its language, so that commands are found', () => {
  const unnamed = documents.flatMap(({ source, blocks }) =>
    blocks.filter(({ language }) => language === '').map(({ line }) => `${source}, line ${line}`),
  );
  expect(unnamed).toEqual([]);
});

it('no command stands in an indented block, where it would not be found', () => {
  const indented = documents.flatMap(
    ({ source, markdown }) =>
      markdown.match(/\n\n {4}(?:npx|npm|vector-recall)\b.*/g)?.map((text) => `${source}: ${text.trim()}`) ?? [],
  );
  expect(indented).toEqual([]);
});

it('finds the commands', () => {
  const commands = documents.flatMap(commandsOf);
  expect(commands.filter((words) => words.includes('vector-recall')).length).toBeGreaterThan(40);
});
