import { defineConfig } from 'vitepress';
import { headingAnchor } from '../src/site/heading-anchor';
import { makeSidebar } from '../src/site/sidebar';

export default defineConfig({
  title: 'Vector Recall',
  description: 'Candidate retrieval for recommendation: from an interaction log to a gRPC service',
  srcDir: '.pages',
  outDir: 'dist/site',
  cacheDir: '.vitepress/cache',
  cleanUrls: true,
  metaChunk: true,
  // VitePress knows pages alone; src/site/check.ts looks for files, too. `localhost` is the reader's own machine.
  ignoreDeadLinks: [/^\/files\//, /^http:\/\/localhost/],
  markdown: { anchor: { slugify: headingAnchor } },
  themeConfig: {
    sidebar: makeSidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'How do I …', link: '/how-do-i' },
      { text: 'API', link: '/api/grpc' },
    ],
  },
});
