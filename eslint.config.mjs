import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** What each room may import. Data moves one way: training and serving meet only in model-store and towers. */
const rooms = [
  ['random', []],
  ['threads', []],
  ['core-config', []],
  ['command-line', ['core-config']],
  ['datasets', ['core-config', 'random']],
  ['towers', ['core-config', 'random']],
  ['hnsw-index', ['core-config', 'threads']],
  ['model-store', ['core-config']],
  ['trainer', ['core-config', 'random', 'datasets', 'towers', 'hnsw-index', 'model-store']],
  ['own-vectors', ['core-config', 'random', 'hnsw-index', 'model-store']],
  ['recall-service', ['core-config', 'random', 'threads', 'towers', 'hnsw-index', 'model-store']],
  ['recall-grpc', ['core-config', 'recall-service']],
  ['report', ['core-config']],
  [
    'trainer-cli',
    [
      'command-line',
      'core-config',
      'datasets',
      'towers',
      'trainer',
      'hnsw-index',
      'model-store',
      'recall-service',
      'own-vectors',
      'recall-grpc',
      'report',
    ],
  ],
  ['recall-server', ['command-line', 'core-config', 'model-store', 'recall-service', 'recall-grpc']],
];

export default tseslint.config(
  { ignores: ['**/dist', '**/gen', '**/*.cjs', '**/*.mjs', '**/.nx', '**/artifacts'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allowCircularSelfDependency: false,
          depConstraints: [
            ...rooms.map(([room, imports]) => ({
              sourceTag: `room:${room}`,
              onlyDependOnLibsWithTags: imports.map((name) => `room:${name}`),
            })),
            { sourceTag: 'tests', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-console': 'error',
    },
  },
  prettier,
);
