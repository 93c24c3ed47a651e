import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { contents, documentedPackages, type ContentsGroup } from './contents';
import { LISTED, type ListedFolder } from './pages';

/** The root, seen from the folder in which VitePress runs: this module is bundled into its configuration. */
const root = join(process.cwd(), '..');

/** The sidebar: the contents, with the references and the listed folders before the last group. */
export function makeSidebar(): DefaultTheme.SidebarItem[] {
  const groups = contents.map(groupItem);
  const reference = {
    text: 'API reference',
    collapsed: true,
    items: ['grpc', ...documentedPackages].map((name) => ({
      text: name === 'grpc' ? 'gRPC' : name,
      link: `/api/${name}`,
    })),
  };
  return [...groups.slice(0, -1), reference, ...LISTED.map(folderItem), ...groups.slice(-1)];
}

function groupItem({ text, pages }: ContentsGroup): DefaultTheme.SidebarItem {
  return {
    text,
    items: pages.map((page) => ({ text: page.text, link: page.path === 'index' ? '/' : `/${page.path}` })),
  };
}

/** The pages of a folder by their titles. */
function folderItem({ folder, text }: ListedFolder): DefaultTheme.SidebarItem {
  const items = readdirSync(join(root, 'docs', folder))
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .sort()
    .map((file) => ({
      text: titleOf(readFileSync(join(root, 'docs', folder, file), 'utf8')),
      link: `/${folder}/${file.replace(/\.md$/, '')}`,
    }));
  return { text, collapsed: true, link: `/${folder}/`, items };
}

const titleOf = (markdown: string): string => markdown.split('\n', 1)[0]?.replace(/^# /, '') ?? '';
