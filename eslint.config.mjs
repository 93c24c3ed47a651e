import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** What each room may import. Data moves one way: training and serving meet only in model-store and towers. */
const rooms = [
  ['random', []],
  ['threads', []],
  ['core-config', []],
  ['command-line', ['core-config']],
  ['datasets', ['core-config', 'random', 'model-store']],
  ['towers', ['core-config', 'random']],
  ['hnsw-index', ['core-config', 'threads']],
  ['model-store', ['core-config']],
  ['item-catalogue', ['core-config', 'model-store']],
  ['live-index', ['hnsw-index', 'model-store']],
  ['change-stream', ['core-config', 'live-index']],
  ['trainer', ['core-config', 'random', 'datasets', 'towers', 'hnsw-index', 'model-store', 'item-catalogue']],
  ['own-vectors', ['core-config', 'random', 'hnsw-index', 'model-store', 'item-catalogue']],
  [
    'recall-service',
    ['core-config', 'random', 'threads', 'towers', 'hnsw-index', 'model-store', 'item-catalogue', 'live-index'],
  ],
  ['recall-grpc', ['core-config', 'threads', 'item-catalogue', 'live-index', 'recall-service']],
  ['artifact-export', ['core-config', 'random', 'towers', 'model-store', 'recall-service']],
  ['bulk-recall', ['core-config', 'recall-service']],
  ['console', []],
  ['recall-http', ['core-config', 'live-index', 'recall-service', 'recall-grpc', 'console']],
  ['report', ['core-config']],
  ['run-tracking', ['core-config']],
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
      'item-catalogue',
      'recall-service',
      'own-vectors',
      'artifact-export',
      'bulk-recall',
      'live-index',
      'recall-grpc',
      'report',
      'run-tracking',
    ],
  ],
  [
    'recall-server',
    [
      'command-line',
      'core-config',
      'model-store',
      'item-catalogue',
      'live-index',
      'change-stream',
      'recall-service',
      'recall-grpc',
      'recall-http',
    ],
  ],
];

/**
 * How rules learn types. One program for all files is checked once, where a project service checks what a project imports
 * anew for each: 90 s of processor time instead of 249 for the whole repository.
 */
const inOneProgram = process.env.LINT_ALL === 'true';
const typesOf = inOneProgram ? { project: './tsconfig.lint.json' } : { projectService: true };

/** The layers of the gRPC server, from the lowest: each may import those before it. */
const grpcLayers = ['contract', 'wire', 'security', 'observe', 'pipeline', 'handlers', 'transport', 'server'];

export default tseslint.config(
  { ignores: ['**/dist', '**/gen', '**/*.cjs', '**/*.d.cts', '**/*.mjs', '**/.nx', '**/.pages', '**/artifacts'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { ...typesOf, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allowCircularSelfDependency: false,
          // What tests share with the build; it belongs to no package.
          allow: ['../../tools/python-libraries/main.cjs', '../../../../tools/python-libraries/main.cjs'],
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
  // Code for browsers is checked by options of its own.
  {
    files: ['docs-site/**', 'packages/console/src/page/**'],
    languageOptions: { parserOptions: { project: null, projectService: true } },
  },
  ...grpcLayers.slice(0, -1).map((layer, i) => ({
    files: [`packages/recall-grpc/src/${layer}/**/*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: grpcLayers.slice(i + 1).map((upper) => ({
            group: [`../${upper}/**`],
            message: `The layer ${layer} stands below ${upper}.`,
          })),
        },
      ],
    },
  })),
  prettier,
);
